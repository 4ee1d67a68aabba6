import { languageOf } from '@turnpike/contracts/languages.js';
import { channels, templateNames, type Channel, type TemplateName } from '@turnpike/contracts/notifications.js';
import { AppError, messageOf } from '@turnpike/core/app-error.js';
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
import type { Attachment, Delivery, NotificationProviders } from './provider.js';
import { messageText, templateParams, type Credentials, type MessageText } from './templates.js';

export interface SendingDeps {
  readonly db: Db;
  readonly secretBox: Pick<SecretBox, 'open'>;
  readonly providers: NotificationProviders;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** IANA name as set up now, for times of day in messages. */
  readonly timeZone: () => string;
  readonly reports: ReportMail;
}

/** What the template `report` says is made by the feature of that name. */
export interface ReportMail {
  /** Undefined: nobody wants it any more. */
  write(params: unknown): Promise<WrittenReport | undefined>;
  /** Tells the one who wants it what became of it; `error` null: it was sent. */
  mailed(params: unknown, error: string | null): Promise<void>;
}

export interface WrittenReport extends MessageText {
  readonly attachments: readonly Attachment[];
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
  const written = template === 'report' ? await reportOf(deps, row, last) : await textOf(deps, row, channel, template);
  if (written === undefined) {
    return settleNotification(db, id, { state: 'suppressed', error: 'nobody wants this report any more' });
  }
  const provider = deps.providers[channel];
  const delivery = await provider.send({ id, channel, template, recipient: row.recipient, ...written }, signal);
  // Before it is settled: who dies in between sends it again, and then it is told.
  if (template === 'report') await deps.reports.mailed(row.params, troubleOf(delivery, provider.name));
  await settleNotification(db, id, outcomeOf(delivery, clock.now(), last));
  if (delivery.kind === 'refused' || (delivery.kind === 'later' && last)) {
    const fields = { notificationId: id, template, provider: provider.name, reason: delivery.reason };
    deps.logger.warn(fields, 'a message could not be sent');
  } else if (delivery.kind === 'later') {
    throw new AppError('unavailable', `${provider.name} did not take the message: ${delivery.reason}`);
  }
}

/** Why nobody has read a report; null: it is on its way. */
function troubleOf(delivery: Delivery, provider: string): string | null {
  if (delivery.kind !== 'sent') return delivery.reason;
  return provider === 'log' ? 'no mail server is set up, so it went to the log only: set one up in the settings' : null;
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
  template: Exclude<TemplateName, 'report'>,
): Promise<MessageText> {
  const credentials = template === 'credentials' ? await loginOf(db, secretBox, customerId) : undefined;
  try {
    return messageText({
      template,
      channel,
      language: languageOf(language),
      params,
      credentials,
      timeZone: timeZone(),
    });
  } catch (cause) {
    throw new AppError('validation_failed', `the parameters of message ${id} do not fit ${template}`, { cause });
  }
}

/** Why it could not be made is told where the report is wanted; after the last try that is what became of it. */
async function reportOf({ db, reports }: SendingDeps, { id, params }: NotificationRow, last: boolean) {
  try {
    return await reports.write(params);
  } catch (error) {
    const reason = messageOf(error);
    await reports.mailed(params, reason);
    if (last) await settleNotification(db, id, { state: 'failed', error: reason });
    throw error;
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
