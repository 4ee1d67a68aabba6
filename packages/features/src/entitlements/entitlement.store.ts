import type { SoldTerms } from '@turnpike/contracts/packages.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Entitlement, Prisma } from '@turnpike/db/generated/client.js';
import { termColumns } from '../packages/sold-terms.js';

export type EntitlementRow = Entitlement;

export async function listEntitlementRows(tx: Tx, customerId: string, limit: number): Promise<EntitlementRow[]> {
  return tx.entitlement.findMany({ where: { customerId }, orderBy: { id: 'desc' }, take: limit });
}

/** The entitlement of this package that a repeat purchase extends, locked: accounting cannot end it meanwhile. */
export async function findRunningEntitlement(
  tx: Tx,
  customerId: string,
  packageId: string,
  at: Date,
): Promise<EntitlementRow | null> {
  const [locked] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM entitlement
    WHERE customer_id = ${customerId}::uuid AND package_id = ${packageId}::uuid AND state = 'active' AND ends_at > ${at}
    ORDER BY ends_at DESC LIMIT 1
    FOR NO KEY UPDATE`;
  return locked === undefined ? null : tx.entitlement.findUnique({ where: { id: locked.id } });
}

export async function findEntitlementRow(tx: Tx, id: string): Promise<EntitlementRow | null> {
  return tx.entitlement.findUnique({ where: { id } });
}

/** As it is now, and unchanged by anybody else until the transaction ends. */
export async function lockEntitlement(tx: Tx, id: string): Promise<EntitlementRow | null> {
  await tx.$queryRaw`SELECT FROM entitlement WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return findEntitlementRow(tx, id);
}

export interface EntitlementToInsert {
  readonly customerId: string;
  readonly packageId: string;
  readonly packageName: string;
  readonly terms: SoldTerms;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly grantedBy: string;
}

export async function insertEntitlementRow(tx: Tx, row: EntitlementToInsert): Promise<EntitlementRow> {
  const { terms, ...plain } = row;
  return tx.entitlement.create({ data: { ...plain, ...termColumns(terms) } });
}

export async function updateEntitlementRow(
  tx: Tx,
  id: string,
  data: Prisma.EntitlementUncheckedUpdateInput,
): Promise<EntitlementRow> {
  return tx.entitlement.update({ where: { id }, data });
}

/**
 * Marks up to `limit` entitlements whose time is over as expired. Rows that somebody else has in hand are left for the next
 * round, their customers too: the customer is locked before a grant is, so waiting here could be waiting in a circle.
 */
export async function expireDue(tx: Tx, at: Date, limit: number): Promise<{ id: string; customerId: string }[]> {
  return tx.$queryRaw<{ id: string; customerId: string }[]>`
    UPDATE entitlement SET state = 'expired'
    WHERE id IN (
      SELECT e.id FROM entitlement e JOIN customer c ON c.id = e.customer_id
      WHERE e.state = 'active' AND e.ends_at <= ${at}
      ORDER BY e.ends_at
      LIMIT ${limit}
      FOR NO KEY UPDATE OF e, c SKIP LOCKED
    )
    RETURNING id::text AS id, customer_id::text AS "customerId"`;
}
