import type { Checked } from '@turnpike/contracts/settings.js';
import { messageOf } from '@turnpike/core/app-error.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { Secret } from '@turnpike/core/secret.js';
import type { JobHandlers } from '@turnpike/queue/runner.js';
import type { Delivery, NotificationProviders } from '../notifications/provider.js';
import { DarajaError } from '../payments/mpesa/daraja-error.js';
import type { DarajaHttp } from '../payments/mpesa/daraja-http.js';
import { createDarajaTokens } from '../payments/mpesa/daraja-token.js';
import { checkOrder, checkPlace, type CheckOrder } from './check-order.js';
import type { SettingsReader } from './settings-reader.js';

export interface SettingsJobsDeps {
  readonly reader: Pick<SettingsReader, 'refresh' | 'sms' | 'mail' | 'branding'>;
  readonly providers: NotificationProviders;
  readonly secretBox: Pick<SecretBox, 'open'>;
  readonly http: DarajaHttp;
  readonly clock: Clock;
}

/** Somebody waits for the answer in the console: what goes wrong is the answer, in the words of the other side. */
export function settingsJobs(deps: SettingsJobsDeps): Pick<JobHandlers, 'settings.check'> {
  return {
    'settings.check': async ({ checkId, sealed }, { signal }) => {
      const order = checkOrder.parse(JSON.parse(deps.secretBox.open(sealed, checkPlace(checkId))));
      // What was saved a moment ago is what is to be tried.
      await deps.reader.refresh();
      return outcomeOf(deps, checkId, order, signal);
    },
  };
}

async function outcomeOf(deps: SettingsJobsDeps, id: string, order: CheckOrder, signal: AbortSignal): Promise<Checked> {
  switch (order.kind) {
    case 'mpesa':
      return tokenCheck(deps, order, signal);
    case 'mail': {
      if (deps.reader.mail().host === null) {
        return { ok: false, words: 'No mail server is set up, so nothing was sent: enter one and save it first.' };
      }
      const { subject, text } = testWords(deps.reader.branding().name);
      const message = { id, channel: 'email', template: 'test', recipient: order.to, subject, text } as const;
      return inWords(await deps.providers.email.send(message, signal));
    }
    case 'sms': {
      if (deps.reader.sms().apiKey === null) {
        return { ok: false, words: 'No API key is set up, so nothing was sent: enter it and save it first.' };
      }
      const { subject, text } = testWords(deps.reader.branding().name);
      const message = { id, channel: 'sms', template: 'test', recipient: order.to, subject, text } as const;
      return inWords(await deps.providers.sms.send(message, signal));
    }
    default:
      return assertNever(order);
  }
}

async function tokenCheck(
  { http, clock }: SettingsJobsDeps,
  { url, consumerKey, consumerSecret }: Extract<CheckOrder, { kind: 'mpesa' }>,
  signal: AbortSignal,
): Promise<Checked> {
  const keys = { consumerKey: new Secret(consumerKey), consumerSecret: new Secret(consumerSecret) };
  try {
    await createDarajaTokens({ url, ...keys, http, clock }).get(signal);
    return { ok: true, words: 'M-Pesa accepts the consumer key and the consumer secret.' };
  } catch (error) {
    const said = error instanceof DarajaError ? error.said : undefined;
    const words = said === undefined ? '' : `. It says: "${without(said, [consumerKey, consumerSecret])}"`;
    return { ok: false, words: `${messageOf(error)}${words}` };
  }
}

/** M-Pesa may repeat what it was sent. */
function without(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text);
}

function testWords(network: string): { subject: string; text: string } {
  return {
    subject: `Test from ${network}`,
    text: `This is a test from ${network}. It arrived, so messages to customers get through.`,
  };
}

function inWords(delivery: Delivery): Checked {
  switch (delivery.kind) {
    case 'sent': {
      const id = delivery.messageId === null ? '' : ` (${delivery.messageId})`;
      return { ok: true, words: `Accepted${id}. Look whether it arrived.` };
    }
    case 'refused':
    case 'later':
      return { ok: false, words: delivery.reason };
    default:
      return assertNever(delivery);
  }
}
