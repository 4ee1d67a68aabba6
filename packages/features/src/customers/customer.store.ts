import type { Tx } from '@turnpike/db/database.js';
import type { Customer, Prisma } from '@turnpike/db/generated/client.js';
import { likeText } from '@turnpike/db/like-text.js';

export type CustomerRow = Customer;

export interface CustomerFilter {
  /** Part of the username, or the whole phone number as E.164 digits. */
  readonly text?: string | undefined;
  readonly msisdn?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export async function listCustomerRows(tx: Tx, filter: CustomerFilter): Promise<CustomerRow[]> {
  const matches: Prisma.CustomerWhereInput[] = [];
  if (filter.text !== undefined) matches.push({ username: { contains: likeText(filter.text), mode: 'insensitive' } });
  if (filter.msisdn !== undefined) matches.push({ msisdn: filter.msisdn });
  return tx.customer.findMany({
    where: {
      ...(matches.length === 0 ? {} : { OR: matches }),
      ...(filter.after === undefined ? {} : { id: { lt: filter.after } }),
    },
    orderBy: { id: 'desc' },
    take: filter.limit + 1,
  });
}

export async function findCustomerRow(tx: Tx, id: string): Promise<CustomerRow | null> {
  return tx.customer.findUnique({ where: { id } });
}

export async function insertCustomerRow(tx: Tx, data: Prisma.CustomerUncheckedCreateInput): Promise<CustomerRow> {
  return tx.customer.create({ data });
}

/** Every change moves the revision, so that RADIUS snapshots made before it are out of date. */
export async function updateCustomerRow(
  tx: Tx,
  id: string,
  data: Prisma.CustomerUncheckedUpdateInput = {},
): Promise<CustomerRow> {
  return tx.customer.update({ where: { id }, data: { ...data, revision: { increment: 1 } } });
}

/** False when the customer is gone or has another name by now. */
export async function renameCustomerRow(tx: Tx, id: string, from: string, to: string): Promise<boolean> {
  const { count } = await tx.customer.updateMany({
    where: { id, username: from },
    data: { username: to, revision: { increment: 1 } },
  });
  return count === 1;
}

/** False when there is no such customer; otherwise no other transaction changes it until this one ends. */
export async function lockCustomer(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT FROM customer WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return rows.length > 0;
}

/** Locks the customer and moves the revision; false when there is no such customer. */
export async function moveRevision(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.customer.updateMany({ where: { id }, data: { revision: { increment: 1 } } });
  return count === 1;
}

export async function moveRevisions(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.customer.updateMany({ where: { id: { in: [...ids] } }, data: { revision: { increment: 1 } } });
}

export async function hasEntitlements(tx: Tx, customerId: string): Promise<boolean> {
  return (await tx.entitlement.findFirst({ where: { customerId }, select: { id: true } })) !== null;
}

export async function deleteCustomerRow(tx: Tx, id: string): Promise<void> {
  await tx.customer.delete({ where: { id } });
}
