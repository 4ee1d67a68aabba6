import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import { notificationJobs } from '@turnpike/features/notifications/notifications.jobs.js';
import { createProviders } from '@turnpike/features/notifications/providers.js';
import type { Producer } from '@turnpike/queue/producer.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { WorkerConfig } from './config.js';

export interface NoticesSideDeps {
  readonly config: WorkerConfig;
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly producer: Producer;
  readonly wake: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Messages to customers. */
export function createNoticesSide({ config, database, logger, ...deps }: NoticesSideDeps) {
  const { db, transact } = database;
  const providers = createProviders(config, logger);
  return {
    handlers: notificationJobs({ ...deps, db, transact, logger, providers, timeZone: config.PORTAL_TIME_ZONE }),
    close: (): void => {
      providers.sms.close();
      providers.email.close();
    },
  };
}
