import type { Logger } from '@turnpike/runtime/logger.js';
import type { NotificationProvider, NotificationProviders } from '../notifications/provider.js';
import { createProviders, type ProviderSettings } from '../notifications/providers.js';
import { smtpUrl, type MailSettings, type SmsSettings } from './setting-groups.js';
import type { SettingsReader } from './settings-reader.js';

/**
 * The providers that are set up at the moment when a message goes; one under way keeps those that it began with. Making one
 * costs nothing: neither keeps a connection between messages.
 */
export function providersBy(
  reader: Pick<SettingsReader, 'sms' | 'mail'>,
  logger: Pick<Logger, 'info'>,
): NotificationProviders {
  const carrier = (channel: keyof NotificationProviders): NotificationProvider => {
    let name = 'log';
    return {
      get name() {
        return name;
      },
      send: async (message, signal) => {
        const providers = createProviders(providerSettings(reader.sms(), reader.mail()), logger);
        const provider = providers[channel];
        name = provider.name;
        try {
          return await provider.send(message, signal);
        } finally {
          provider.close();
        }
      },
      close: () => undefined,
    };
  };
  return { sms: carrier('sms'), email: carrier('email') };
}

function providerSettings(sms: SmsSettings, mail: MailSettings): ProviderSettings {
  return {
    SMS_URL: sms.url,
    SMS_USERNAME: sms.username,
    SMS_API_KEY: sms.apiKey ?? undefined,
    SMS_SENDER: sms.sender ?? undefined,
    SMTP_URL: smtpUrl(mail),
    MAIL_FROM: mail.from,
  };
}
