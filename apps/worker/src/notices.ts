import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import { notificationJobs } from '@turnpike/features/notifications/notifications.jobs.js';
import type { ReportMail } from '@turnpike/features/notifications/notification-sending.js';
import type { NotificationProviders } from '@turnpike/features/notifications/provider.js';
import type { SettingsReader } from '@turnpike/features/settings/settings-reader.js';
import type { Producer } from '@turnpike/queue/producer.js';
import type { Logger } from '@turnpike/runtime/logger.js';

export interface NoticesSideDeps {
  readonly settings: Pick<SettingsReader, 'branding'>;
  readonly providers: NotificationProviders;
  readonly reports: ReportMail;
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly producer: Producer;
  readonly wake: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Messages to customers. */
export function createNoticesSide({ settings, database, ...deps }: NoticesSideDeps) {
  const { db, transact } = database;
  return {
    handlers: notificationJobs({ ...deps, db, transact, timeZone: () => settings.branding().timeZone }),
  };
}
