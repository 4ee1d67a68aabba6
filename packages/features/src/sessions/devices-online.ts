import type { Tx } from '@turnpike/db/database.js';

/** For other features: how many devices use each entitlement now, as far as we know; none where it is not named. */
export async function devicesOnline(tx: Tx, entitlementIds: readonly string[]): Promise<Map<string, number>> {
  if (entitlementIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ entitlementId: string; devices: number }[]>`
    SELECT entitlement_id::text AS "entitlementId", count(DISTINCT coalesce(calling_station_id, key))::int AS devices
    FROM session
    WHERE entitlement_id = ANY(${[...entitlementIds]}::uuid[]) AND state IN ('open', 'closing', 'stale')
    GROUP BY entitlement_id`;
  return new Map(rows.map((row) => [row.entitlementId, row.devices]));
}
