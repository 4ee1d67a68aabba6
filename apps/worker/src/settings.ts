import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { NotificationProviders } from '@turnpike/features/notifications/provider.js';
import { createDarajaHttp } from '@turnpike/features/payments/mpesa/daraja-http.js';
import { environmentSettings } from '@turnpike/features/settings/environment-settings.js';
import { providersBy } from '@turnpike/features/settings/settings-providers.js';
import { createSettingsReader } from '@turnpike/features/settings/settings-reader.js';
import { settingsJobs } from '@turnpike/features/settings/settings.jobs.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { WorkerConfig } from './config.js';
import type { Stores } from './stores.js';

export interface SettingsSideDeps {
  readonly config: WorkerConfig;
  readonly stores: Stores;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly prefix: string;
}

/** The settings as they hold now, who carries messages by them, and trying them out for who sets them. */
export function createSettingsSide({ config, stores, secretBox, clock, logger, prefix }: SettingsSideDeps) {
  const { database, subscriber } = stores;
  const environment = environmentSettings(config);
  const reader = createSettingsReader({ db: database.db, secretBox, environment, subscriber, prefix, logger });
  const providers: NotificationProviders = providersBy(reader, logger);
  return {
    reader,
    providers,
    handlers: settingsJobs({ reader, providers, secretBox, http: createDarajaHttp(), clock }),
  };
}
