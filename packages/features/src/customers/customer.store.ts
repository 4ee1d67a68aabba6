import type { Tx } from '@turnpike/db/database.js';
import type { Customer, Prisma } from '@turnpike/db/generated/client.js';

export type CustomerRow = Customer;

/** Newest first, one more than `limit`. `after`: id of the last row shown. */
export async function listCustomerRows(
  tx: Tx,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<CustomerRow[]> {
  return tx.customer.findMany({
    ...(after === undefined ? {} : { where: { id: { lt: after } } }),
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
}

export async function findCustomerRow(tx: Tx, id: string): Promise<CustomerRow | null> {
  return tx.customer.findUnique({ where: { id } });
}

export async function findCustomersByIds(tx: Tx, ids: readonly string[]): Promise<CustomerRow[]> {
  return tx.customer.findMany({ where: { id: { in: [...ids] } } });
}

export async function insertCustomerRow(tx: Tx, data: Prisma.CustomerUncheckedCreateInput): Promise<CustomerRow> {
  return tx.customer.create({ data });
}

export async function findByMsisdn(tx: Tx, msisdn: string): Promise<string | undefined> {
  return (await tx.customer.findUnique({ where: { msisdn }, select: { id: true } }))?.id;
}

/** Gives the number to the customer whose username it is and who has none; undefined when there is no such customer. */
export async function adoptMsisdn(tx: Tx, msisdn: string): Promise<string | undefined> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE customer SET msisdn = ${msisdn}, updated_at = now()
    WHERE username = ${msisdn} AND msisdn IS NULL AND erased_at IS NULL
    RETURNING id::text AS id`;
  return rows[0]?.id;
}

/** False when the username or the number is taken; waits for a transaction that is taking it. */
export async function insertPhoneCustomer(
  tx: Tx,
  row: { id: string; username: string; msisdn: string; password: string; language: string },
): Promise<boolean> {
  const inserted = await tx.$executeRaw`
    INSERT INTO customer (id, username, msisdn, password, language, updated_at)
    VALUES (${row.id}::uuid, ${row.username}, ${row.msisdn}, ${row.password}, ${row.language}, now())
    ON CONFLICT DO NOTHING`;
  return inserted === 1;
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

/** The id of who has one of these usernames; undefined when nobody or more than one has. */
export async function findByUsername(tx: Tx, usernames: readonly string[]): Promise<string | undefined> {
  const rows = await tx.customer.findMany({
    where: { username: { in: [...usernames] }, erasedAt: null },
    select: { id: true },
    take: 2,
  });
  return rows.length === 1 ? rows[0]?.id : undefined;
}

export async function findUnerased(
  tx: Tx,
  by: { readonly username: string } | { readonly msisdn: string },
): Promise<CustomerRow | undefined> {
  return (await tx.customer.findFirst({ where: { ...by, erasedAt: null } })) ?? undefined;
}
