import type { Channel, TemplateName } from '@turnpike/contracts/notifications.js';
import type { Language } from '@turnpike/contracts/languages.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Notification, Prisma } from '@turnpike/db/generated/client.js';

export type NotificationRow = Notification;

/** Whom a message is for, as far as that matters to it. */
export interface Addressee {
  readonly id: string;
  readonly msisdn: string | null;
  readonly email: string | null;
  readonly language: string;
  readonly notices: boolean;
  readonly erasedAt: Date | null;
}

const addressee = { id: true, msisdn: true, email: true, language: true, notices: true, erasedAt: true } as const;

export async function findAddressee(tx: Tx, customerId: string): Promise<Addressee | null> {
  return tx.customer.findUnique({ where: { id: customerId }, select: addressee });
}

export interface NewNotification {
  readonly id: string;
  readonly channel: Channel;
  readonly template: TemplateName;
  readonly language: Language;
  readonly customerId: string | null;
  readonly recipient: string;
  readonly params: Prisma.InputJsonObject;
  readonly dedupKey: string;
  readonly state: 'queued' | 'suppressed';
  readonly error: string | null;
}

/** Inserts those whose key is new, waiting for transactions that insert the same; gives the ids of these. */
export async function insertNotifications(tx: Tx, rows: readonly NewNotification[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const made = await tx.notification.createManyAndReturn({
    data: rows.map((row) => ({ ...row })),
    skipDuplicates: true,
    select: { id: true },
  });
  return made.map(({ id }) => id);
}

export async function findNotification(tx: Tx, id: string): Promise<NotificationRow | null> {
  return tx.notification.findUnique({ where: { id } });
}

/** Counts one more try; undefined when it is not to be sent any more. */
export async function claimNotification(tx: Tx, id: string): Promise<NotificationRow | undefined> {
  const [row] = await tx.notification.updateManyAndReturn({
    where: { id, state: 'queued' },
    data: { attempts: { increment: 1 } },
  });
  return row;
}

export type Outcome =
  | { readonly state: 'sent'; readonly providerMessageId: string | null; readonly sentAt: Date; readonly error: null }
  | { readonly state: 'failed' | 'suppressed' | 'queued'; readonly error: string };

/** What became of a try. What was settled meanwhile stays as it is. */
export async function settleNotification(tx: Tx, id: string, outcome: Outcome): Promise<void> {
  await tx.notification.updateMany({ where: { id, state: 'queued' }, data: outcome });
}

/** Queued for so long that no try can still be under way: their jobs were lost. */
export async function listForgotten(tx: Tx, before: Date, limit: number): Promise<string[]> {
  const rows = await tx.notification.findMany({
    where: { state: 'queued', createdAt: { lt: before } },
    select: { id: true },
    orderBy: { createdAt: 'asc' },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

/** Those of `recipients` who were sent this since then, or will be. */
export async function listToldSince(
  tx: Tx,
  template: TemplateName,
  recipients: readonly string[],
  since: Date,
): Promise<Set<string>> {
  if (recipients.length === 0) return new Set();
  const rows = await tx.notification.findMany({
    where: {
      template,
      recipient: { in: [...recipients] },
      // For the index on state and creation.
      state: { in: ['queued', 'sent', 'failed'] },
      createdAt: { gt: since },
    },
    select: { recipient: true },
  });
  return new Set(rows.map(({ recipient }) => recipient));
}

export interface NotificationFilter {
  readonly customerId?: string | undefined;
  readonly state?: NotificationRow['state'] | undefined;
  /** Id of the last row shown. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Newest first, one more than `limit`. */
export async function listNotificationRows(tx: Tx, filter: NotificationFilter): Promise<NotificationRow[]> {
  return tx.notification.findMany({
    where: {
      ...(filter.customerId === undefined ? {} : { customerId: filter.customerId }),
      ...(filter.state === undefined ? {} : { state: filter.state }),
      ...(filter.after === undefined ? {} : { id: { lt: filter.after } }),
    },
    orderBy: { id: 'desc' },
    take: filter.limit + 1,
  });
}

/** The sealed password and the name that go into a message. */
export async function findSealedLogin(
  tx: Tx,
  customerId: string,
): Promise<{ id: string; username: string; password: string } | null> {
  return tx.customer.findUnique({
    where: { id: customerId },
    select: { id: true, username: true, password: true },
  });
}

/** Customers with this number want no more notices; false when nobody has it. */
export async function stopNoticesOf(tx: Tx, msisdn: string): Promise<string | undefined> {
  const [row] = await tx.customer.updateManyAndReturn({
    where: { msisdn },
    data: { notices: false },
    select: { id: true },
  });
  return row?.id;
}

/** Old messages: a phone number is not kept for ever. Gives how many were removed. */
export async function removeNotificationsBefore(tx: Tx, before: Date): Promise<number> {
  const { count } = await tx.notification.deleteMany({
    where: { createdAt: { lt: before }, state: { not: 'queued' } },
  });
  return count;
}
