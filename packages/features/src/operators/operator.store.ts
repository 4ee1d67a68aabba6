import type { Role } from '@turnpike/contracts/permissions.js';
import type { Tx } from '@turnpike/db/database.js';

export interface OperatorRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
}

export interface OperatorChanges {
  readonly name?: string;
  readonly role?: Role;
  readonly passwordHash?: string;
  readonly disabledAt?: Date | null;
}

export async function insertOperator(
  tx: Tx,
  values: Pick<OperatorRow, 'email' | 'name' | 'role' | 'passwordHash'>,
): Promise<OperatorRow> {
  return tx.operator.create({ data: values });
}

export async function updateOperatorRow(tx: Tx, id: string, changes: OperatorChanges): Promise<OperatorRow> {
  return tx.operator.update({ where: { id }, data: changes });
}

export async function findOperator(tx: Tx, id: string): Promise<OperatorRow | null> {
  return tx.operator.findUnique({ where: { id } });
}

/** `email`: lower case. */
export async function findOperatorByEmail(tx: Tx, email: string): Promise<OperatorRow | null> {
  return tx.operator.findUnique({ where: { email } });
}

export async function findAnyOperator(tx: Tx): Promise<OperatorRow | null> {
  return tx.operator.findFirst({ orderBy: { id: 'asc' } });
}

/** Oldest first (ids are version 7 UUIDs). `after`: id of the last row of the page before. */
export async function listOperatorRows(tx: Tx, limit: number, after: string | undefined): Promise<OperatorRow[]> {
  return tx.operator.findMany({
    ...(after === undefined ? {} : { where: { id: { gt: after } } }),
    orderBy: { id: 'asc' },
    take: limit,
  });
}

/** Ids of the owners who can sign in, locked: two who demote each other at once do it one after the other. */
export async function lockActiveOwners(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM operator WHERE role = 'owner' AND disabled_at IS NULL ORDER BY id FOR UPDATE`;
  return rows.map((row) => row.id);
}
