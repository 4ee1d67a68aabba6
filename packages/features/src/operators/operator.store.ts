import type { Role } from '@turnpike/contracts/permissions.js';
import type { Tx } from '@turnpike/db/database.js';

export interface OperatorRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string;
  /** What `sites` limits it to; true: nothing. */
  readonly allSites: boolean;
  readonly sites: readonly string[];
  /** Sealed; null: no second factor. */
  readonly totpSecret: string | null;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
}

export type OperatorPlaces = Pick<OperatorRow, 'allSites' | 'sites'>;

export interface OperatorChanges {
  readonly name?: string;
  readonly role?: Role;
  readonly passwordHash?: string;
  readonly disabledAt?: Date | null;
  readonly allSites?: boolean;
  readonly sites?: readonly string[];
}

export async function insertOperator(
  tx: Tx,
  values: Pick<OperatorRow, 'email' | 'name' | 'role' | 'passwordHash'> & Partial<OperatorPlaces>,
): Promise<OperatorRow> {
  return tx.operator.create({ data: { ...values, sites: [...(values.sites ?? [])] } });
}

export async function updateOperatorRow(tx: Tx, id: string, changes: OperatorChanges): Promise<OperatorRow> {
  const { sites, ...rest } = changes;
  return tx.operator.update({ where: { id }, data: sites === undefined ? rest : { ...rest, sites: [...sites] } });
}

/** False when the hash is not `from` any more. */
export async function replacePassword(
  tx: Tx,
  { id, from, to }: { readonly id: string; readonly from: string; readonly to: string },
): Promise<boolean> {
  const { count } = await tx.operator.updateMany({
    where: { id, passwordHash: from },
    data: { passwordHash: to },
  });
  return count === 1;
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

/** Names by id; who has gone is left out. */
export async function operatorNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.operator.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } });
  return new Map(rows.map((row) => [row.id, row.name]));
}
