import type { Tx } from '@turnpike/db/database.js';

export interface DashboardCounts {
  readonly routersOnline: number;
  readonly routersOffline: number;
  readonly routersPending: number;
  readonly sessionsOpen: number;
  readonly sessionsStale: number;
  readonly customers: number;
  readonly activeEntitlements: number;
  readonly octetsToday: bigint;
}

/**
 * All counts in one round trip. `dayStart`: beginning of the day that `octetsToday` is about.
 * Naming every state of a session lets the index on state and start be used; there is none on the start alone.
 */
export async function readDashboardCounts(tx: Tx, now: Date, dayStart: Date): Promise<DashboardCounts> {
  const [row] = await tx.$queryRaw<DashboardCounts[]>`
    SELECT
      (SELECT count(*)::int FROM router WHERE status = 'online' AND deleted_at IS NULL) AS "routersOnline",
      (SELECT count(*)::int FROM router WHERE status = 'offline' AND deleted_at IS NULL) AS "routersOffline",
      (SELECT count(*)::int FROM router WHERE status = 'pending' AND deleted_at IS NULL) AS "routersPending",
      (SELECT count(*)::int FROM session WHERE state IN ('open', 'closing')) AS "sessionsOpen",
      (SELECT count(*)::int FROM session WHERE state = 'stale') AS "sessionsStale",
      (SELECT count(*)::int FROM customer) AS "customers",
      (SELECT count(*)::int FROM entitlement WHERE state = 'active' AND ends_at > ${now}) AS "activeEntitlements",
      (SELECT coalesce(sum(input_octets + output_octets), 0)::bigint FROM session
        WHERE state IN ('open', 'closing', 'closed', 'stale') AND started_at >= ${dayStart}) AS "octetsToday"`;
  if (row === undefined) throw new Error('the count query gave no row');
  return row;
}
