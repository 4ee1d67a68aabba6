import type { Tx } from '@turnpike/db/database.js';
import type { Entitlement, Prisma } from '@turnpike/db/generated/client.js';

export type EntitlementRow = Entitlement;

export async function listEntitlementRows(tx: Tx, customerId: string, limit: number): Promise<EntitlementRow[]> {
  return tx.entitlement.findMany({ where: { customerId }, orderBy: { id: 'desc' }, take: limit });
}

/** The entitlement of this package that a repeat purchase extends. */
export async function findRunningEntitlement(
  tx: Tx,
  customerId: string,
  packageId: string,
  at: Date,
): Promise<EntitlementRow | null> {
  return tx.entitlement.findFirst({
    where: { customerId, packageId, state: 'active', endsAt: { gt: at } },
    orderBy: { endsAt: 'desc' },
  });
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

/** Marks up to `limit` entitlements whose time is over as expired; rows that another worker has in hand are left to it. */
export async function expireDue(tx: Tx, at: Date, limit: number): Promise<{ id: string; customerId: string }[]> {
  return tx.$queryRaw<{ id: string; customerId: string }[]>`
    UPDATE entitlement SET state = 'expired'
    WHERE id IN (
      SELECT id FROM entitlement
      WHERE state = 'active' AND ends_at <= ${at}
      ORDER BY ends_at
      LIMIT ${limit}
      FOR UPDATE SKIP LOCKED
    )
    RETURNING id::text AS id, customer_id::text AS "customerId"`;
}
