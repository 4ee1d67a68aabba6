import type { Secret } from '@turnpike/core/secret.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { createAfricasTalkingProvider } from './africastalking-provider.js';
import { createLogProvider } from './log-provider.js';
import type { NotificationProviders } from './provider.js';
import { createSmtpProvider } from './smtp-provider.js';

export interface ProviderSettings {
  readonly SMS_URL: string;
  readonly SMS_USERNAME: string;
  /** Undefined: text messages go to the log. */
  readonly SMS_API_KEY?: Secret | undefined;
  readonly SMS_SENDER?: string | undefined;
  /** Undefined: e-mails go to the log. */
  readonly SMTP_URL?: Secret | undefined;
  readonly MAIL_FROM: string;
}

/** The providers that are configured; the log stands in for the others. */
export function createProviders(settings: ProviderSettings, logger: Pick<Logger, 'info'>): NotificationProviders {
  const { SMS_API_KEY: apiKey, SMTP_URL: smtpUrl } = settings;
  const log = createLogProvider(logger);
  return {
    sms:
      apiKey === undefined
        ? log
        : createAfricasTalkingProvider({
            url: settings.SMS_URL,
            username: settings.SMS_USERNAME,
            apiKey,
            sender: settings.SMS_SENDER,
          }),
    email: smtpUrl === undefined ? log : createSmtpProvider({ url: smtpUrl, from: settings.MAIL_FROM }),
  };
}
