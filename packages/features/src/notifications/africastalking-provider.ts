import { messageOf } from '@turnpike/core/app-error.js';
import type { Secret } from '@turnpike/core/secret.js';
import { z } from 'zod';
import type { Delivery, NotificationProvider } from './provider.js';

export interface AfricasTalkingOptions {
  /** Where the API is, for example `https://api.africastalking.com`. */
  readonly url: string;
  readonly username: string;
  readonly apiKey: Secret;
  /** Short code or alphanumeric sender; undefined: the provider's own. */
  readonly sender?: string | undefined;
}

const answer = z.object({
  SMSMessageData: z.object({
    Message: z.string().catch(''),
    Recipients: z.array(z.object({ statusCode: z.number(), status: z.string(), messageId: z.string().catch('') })),
  }),
});

/** Status codes of recipients (SMS API, "Sending bulk SMS"): processed, sent, queued. */
const ACCEPTED: ReadonlySet<number> = new Set([100, 101, 102]);
/** Somebody can mend it (money on the account) or it mends itself (errors of the server and the gateway). */
const LATER: ReadonlySet<number> = new Set([405, 500, 501]);
/** Of HTTP: a wrong key is mended in our configuration, too many requests by waiting. */
const LATER_HTTP: ReadonlySet<number> = new Set([401, 403, 408, 429]);
const LONGEST_REASON = 300;

/** Africa's Talking bulk SMS: a form with the key in the header `apiKey`, one recipient a request. */
export function createAfricasTalkingProvider(options: AfricasTalkingOptions): NotificationProvider {
  const { username, apiKey, sender } = options;
  const url = `${options.url.replace(/\/+$/, '')}/version1/messaging`;
  return {
    name: 'africastalking',
    send: async ({ recipient, text }, signal) => {
      const form = { username, to: `+${recipient}`, message: text, ...(sender === undefined ? {} : { from: sender }) };
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { apiKey: apiKey.reveal(), accept: 'application/json' },
          body: new URLSearchParams(form),
          // A key must not be carried to wherever an answer points.
          redirect: 'error',
          signal,
        });
        return deliveryOf(response.status, await response.text());
      } catch (error) {
        return { kind: 'later', reason: `no answer: ${reasonOf(error)}` };
      }
    },
    close: () => undefined,
  };
}

function deliveryOf(status: number, body: string): Delivery {
  const words = body.trim().slice(0, LONGEST_REASON);
  if (status >= 500 || LATER_HTTP.has(status)) return { kind: 'later', reason: `HTTP ${status}: ${words}` };
  if (status >= 400) return { kind: 'refused', reason: `HTTP ${status}: ${words}` };
  const parsed = answer.safeParse(jsonOf(body));
  if (!parsed.success) return { kind: 'later', reason: `an answer that is none of the SMS API: ${words}` };
  const { Message: message, Recipients: recipients } = parsed.data.SMSMessageData;
  const [first] = recipients;
  // Without recipients the message says what is wrong with all of them, for example `InvalidSenderId`.
  if (first === undefined) return { kind: 'refused', reason: message };
  if (ACCEPTED.has(first.statusCode))
    return { kind: 'sent', messageId: first.messageId === '' ? null : first.messageId };
  const reason = `${first.statusCode} ${first.status}`;
  return { kind: LATER.has(first.statusCode) ? 'later' : 'refused', reason };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
  return `${messageOf(error)}${cause}`.slice(0, LONGEST_REASON);
}
