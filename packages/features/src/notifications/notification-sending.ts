import { languageOf } from '@turnpike/contracts/languages.js';
import { channels, templateNames, type Channel, type TemplateName } from '@turnpike/contracts/notifications.js';
import { AppError } from '@turnpike/core/app-error.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Db, Tx } from '@turnpike/db/database.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import {
  claimNotification,
  findAddressee,
  findSealedLogin,
  settleNotification,
  type NotificationRow,
  type Outcome,
} from './notification.store.js';
import { reasonNotToSend } from './notify.js';
import type { Delivery, NotificationProviders } from './provider.js';
import { messageText, templateParams, type Credentials, type MessageText } from './templates.js';

export interface SendingDeps {
  readonly db: Db;
  readonly secretBox: Pick<SecretBox, 'open'>;
  readonly providers: NotificationProviders;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** IANA name, for times of day in messages. */
  readonly timeZone: string;
}

export interface Try {
  readonly signal: AbortSignal;
  /** No further one follows. */
  readonly last: boolean;
}

/**
 * One try to send a message. What is settled already is left alone. What the provider refuses for good is `failed` with its
 * words; what may get through later throws `unavailable` for the next try, and is `failed` after the last one.
 */
export async function sendNotification(deps: SendingDeps, id: string, { signal, last }: Try): Promise<void> {
  const { db, clock } = deps;
  const row = await claimNotification(db, id);
  if (row === undefined) return;
  const [channel, template] = [channelOf(row.channel), templateOf(row.template)];
  if (channel === undefined || template === undefined) {
    return settleNotification(db, id, {
      state: 'failed',
      error: `this version knows no ${row.channel} ${row.template}`,
    });
  }
  const obstacle = await obstacleNow(db, row, template, clock.now());
  if (obstacle !== null) return settleNotification(db, id, { state: 'suppressed', error: obstacle });
  const text = await textOf(deps, row, channel, template);
  const provider = deps.providers[channel];
  const { recipient } = row;
  const delivery = await provider.send({ id, channel, template, recipient, ...text }, signal);
  await settleNotification(db, id, outcomeOf(delivery, clock.now(), last));
  if (delivery.kind === 'refused' || (delivery.kind === 'later' && last)) {
    const fields = { notificationId: id, template, provider: provider.name, reason: delivery.reason };
    deps.logger.warn(fields, 'a message could not be sent');
  } else if (delivery.kind === 'later') {
    throw new AppError('unavailable', `${provider.name} did not take the message: ${delivery.reason}`);
  }
}

function outcomeOf(delivery: Delivery, at: Date, last: boolean): Outcome {
  switch (delivery.kind) {
    case 'sent':
      return { state: 'sent', providerMessageId: delivery.messageId, sentAt: at, error: null };
    case 'refused':
      return { state: 'failed', error: delivery.reason };
    case 'later':
      return { state: last ? 'failed' : 'queued', error: delivery.reason };
    default:
      return assertNever(delivery);
  }
}

/** Much may have changed since it was stored. */
async function obstacleNow(
  tx: Tx,
  { customerId, recipient, params }: NotificationRow,
  template: TemplateName,
  now: Date,
): Promise<string | null> {
  const addressee = customerId === null ? null : await findAddressee(tx, customerId);
  const ends = templateParams.expiring.safeParse(params).data?.endsAt;
  if (template === 'expiring' && ends !== undefined && new Date(ends) <= now) return 'it was too late';
  return reasonNotToSend(template, recipient, addressee);
}

async function textOf(
  { db, secretBox, timeZone }: SendingDeps,
  { id, customerId, language, params }: NotificationRow,
  channel: Channel,
  template: TemplateName,
): Promise<MessageText> {
  const credentials = template === 'credentials' ? await loginOf(db, secretBox, customerId) : undefined;
  try {
    return messageText({ template, channel, language: languageOf(language), params, credentials, timeZone });
  } catch (cause) {
    throw new AppError('validation_failed', `the parameters of message ${id} do not fit ${template}`, { cause });
  }
}

async function loginOf(tx: Tx, secretBox: Pick<SecretBox, 'open'>, customerId: string | null): Promise<Credentials> {
  const login = customerId === null ? null : await findSealedLogin(tx, customerId);
  if (login === null) throw new AppError('not_found', 'the customer whose login was to be sent is gone');
  const { id: row, username, password } = login;
  return { username, password: secretBox.open(password, { table: 'customer', row, column: 'password' }) };
}

function channelOf(text: string): Channel | undefined {
  return channels.find((channel) => channel === text);
}

function templateOf(text: string): TemplateName | undefined {
  return templateNames.find((name) => name === text);
}
