import { languageOf } from '@turnpike/contracts/languages.js';
import type { TemplateName } from '@turnpike/contracts/notifications.js';
import type { Tx } from '@turnpike/db/database.js';
import { addManyToOutbox } from '@turnpike/db/outbox.store.js';
import { v7 as uuidv7 } from 'uuid';
import { findAddressee, insertNotifications, type Addressee, type NewNotification } from './notification.store.js';
import { ALWAYS_SENT, templateParams } from './templates.js';

export type { TemplateName } from '@turnpike/contracts/notifications.js';

export interface Notice {
  readonly template: TemplateName;
  readonly customerId?: string;
  /** E.164 digits or an e-mail address; left out: what is on record of the customer, the phone first. */
  readonly recipient?: string;
  /** See templates.ts. `amount`: minor units as a number. No secrets: rows keep them. */
  readonly params: Readonly<Record<string, string | number>>;
  /** The same key is sent once, however often it is asked for. */
  readonly dedupKey: string;
}

/**
 * Stores a message and the job that sends it, in the transaction that it tells about. A customer who wants no notices, or of
 * whom no address is known, gets a row that says so and nothing else. Throws a ZodError when `params` do not fit.
 */
export async function notify(tx: Tx, notice: Notice): Promise<void> {
  const addressee = notice.customerId === undefined ? null : await findAddressee(tx, notice.customerId);
  await storeNotices(tx, [newNotification(notice, addressee)]);
}

/** Rows and jobs of those whose key is new; gives how many. */
export async function storeNotices(tx: Tx, rows: readonly NewNotification[]): Promise<number> {
  const made = new Set(await insertNotifications(tx, rows));
  const queued = rows.filter(({ id, state }) => made.has(id) && state === 'queued');
  await addManyToOutbox(
    tx,
    'notification.send',
    queued.map(({ id }) => ({ notificationId: id })),
  );
  return made.size;
}

/** The row of a notice, `suppressed` when there is nobody to send it to. */
export function newNotification(notice: Notice, addressee: Addressee | null): NewNotification {
  const { template, dedupKey } = notice;
  const recipient = notice.recipient ?? addressee?.msisdn ?? addressee?.email ?? '';
  const error = reasonNotToSend(template, recipient, addressee);
  return {
    id: uuidv7(),
    channel: recipient.includes('@') ? 'email' : 'sms',
    template,
    language: languageOf(addressee?.language ?? 'en'),
    customerId: notice.customerId ?? null,
    recipient,
    params: templateParams[template].parse(notice.params),
    dedupKey,
    state: error === null ? 'queued' : 'suppressed',
    error,
  };
}

/** In words; null: it may be sent. */
export function reasonNotToSend(
  template: TemplateName,
  recipient: string,
  addressee: Pick<Addressee, 'notices' | 'erasedAt'> | null,
): string | null {
  if (addressee !== null && addressee.erasedAt !== null) return 'the customer has been erased';
  if (addressee !== null && !addressee.notices && !ALWAYS_SENT.has(template)) return 'the customer wants no notices';
  return recipient === '' ? 'neither a phone number nor an e-mail address of the customer is known' : null;
}
