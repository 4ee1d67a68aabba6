import { messageOf } from '@turnpike/core/app-error.js';
import type { Secret } from '@turnpike/core/secret.js';
import { createTransport } from 'nodemailer';
import type { Delivery, NotificationProvider } from './provider.js';

export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://...`. */
  readonly url: Secret;
  /** The sender, for example `Turnpike <noreply@example.net>`. */
  readonly from: string;
}

const TIMEOUT_MS = 10_000;
const LONGEST_REASON = 300;
/** Our configuration is wrong, not the message (RFC 4954 6, RFC 5248): it can be mended. */
const LATER_REPLIES: ReadonlySet<number> = new Set([530, 534, 535]);

/** E-mail in plain text over SMTP. A reply of 5yz (RFC 5321 4.2.1) is final, everything else may get through later. */
export function createSmtpProvider({ url, from }: SmtpOptions): NotificationProvider {
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  const transport = createTransport({ url: url.reveal(), ...timeouts });
  return {
    name: 'smtp',
    send: async ({ id, recipient, subject, text, attachments = [] }, signal) => {
      if (signal.aborted) return { kind: 'later', reason: 'there was no time left' };
      // A repeat of the same message has the same id: mailboxes know it for one.
      const messageId = `<${id}@${domainOf(from)}>`;
      try {
        const files = attachments.map(({ fileName, contentType, content }) => {
          return { filename: fileName, contentType, content: Buffer.from(content) };
        });
        await transport.sendMail({ from, to: recipient, subject, text, messageId, attachments: files });
        return { kind: 'sent', messageId };
      } catch (error) {
        return failure(error);
      }
    },
    close: () => transport.close(),
  };
}

function failure(error: unknown): Delivery {
  const reply = replyOf(error);
  const reason = messageOf(error).slice(0, LONGEST_REASON);
  const final = reply !== undefined && reply >= 500 && !LATER_REPLIES.has(reply);
  return { kind: final ? 'refused' : 'later', reason };
}

function replyOf(error: unknown): number | undefined {
  return error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number'
    ? error.responseCode
    : undefined;
}

function domainOf(from: string): string {
  return /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';
}
