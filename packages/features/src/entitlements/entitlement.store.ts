import type { Tx } from '@turnpike/db/database.js';
import type { Entitlement, Prisma } from '@turnpike/db/generated/client.js';

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

export async function insertEntitlementRow(
  tx: Tx,
  data: Prisma.EntitlementUncheckedCreateInput,
): Promise<EntitlementRow> {
  return tx.entitlement.create({ data });
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
