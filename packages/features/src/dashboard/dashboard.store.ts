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

export interface RevenueRow {
  readonly currency: string;
  readonly today: bigint;
  readonly week: bigint;
  readonly month: bigint;
  readonly year: bigint;
}

/** Money that came in and was not given back, since the beginning of the day, week, month and year in the time zone. */
export async function readRevenue(tx: Tx, now: Date, timeZone: string): Promise<RevenueRow[]> {
  return tx.$queryRaw<RevenueRow[]>`
    WITH since AS (
      SELECT date_trunc('day', local) AT TIME ZONE ${timeZone} AS day, date_trunc('week', local) AT TIME ZONE ${timeZone} AS week,
             date_trunc('month', local) AT TIME ZONE ${timeZone} AS month, date_trunc('year', local) AT TIME ZONE ${timeZone} AS year
      FROM (SELECT ${now}::timestamptz AT TIME ZONE ${timeZone} AS local) AS here
    )
    SELECT currency,
           coalesce(sum(paid_minor) FILTER (WHERE settled_at >= since.day), 0)::bigint AS today,
           coalesce(sum(paid_minor) FILTER (WHERE settled_at >= since.week), 0)::bigint AS week,
           coalesce(sum(paid_minor) FILTER (WHERE settled_at >= since.month), 0)::bigint AS month,
           coalesce(sum(paid_minor) FILTER (WHERE settled_at >= since.year), 0)::bigint AS year
    FROM payment, since
    WHERE state = 'succeeded' AND refunded_at IS NULL AND provider <> 'wallet'
      AND created_at >= least(since.week, since.year) - interval '2 days'
    GROUP BY currency ORDER BY currency`;
}
