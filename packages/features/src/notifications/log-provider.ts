import { maskMsisdn } from '@turnpike/core/msisdn.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { maskEmail } from '../customers/phone-view.js';
import type { NotificationProvider } from './provider.js';

/** Secrets, and figures that are not for everybody who may read the log. */
const NOT_LOGGED: ReadonlySet<string> = new Set(['credentials', 'report']);

/** For systems without a provider: says in the log that a message would go, to whom, and what it says unless that is secret. */
export function createLogProvider(logger: Pick<Logger, 'info'>): NotificationProvider {
  return {
    name: 'log',
    send: async ({ id, channel, template, recipient, text, attachments = [] }) => {
      const fields = { notificationId: id, channel, template, to: maskRecipient(recipient) };
      const said = NOT_LOGGED.has(template) ? {} : { text };
      const files = attachments.map(({ fileName, content }) => `${fileName} (${content.length} bytes)`);
      logger.info(
        { ...fields, ...said, ...(files.length === 0 ? {} : { attachments: files }) },
        'a message would be sent, but no provider is configured for its channel',
      );
      return { kind: 'sent', messageId: 'log' };
    },
    close: () => undefined,
  };
}

/** `2547••••5678`, `a••••@example.net`. */
export function maskRecipient(recipient: string): string {
  return recipient.includes('@') ? maskEmail(recipient) : maskMsisdn(recipient);
}
