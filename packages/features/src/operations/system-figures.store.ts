import type { Tx } from '@turnpike/db/database.js';
import { SERVICE_OF_SESSION } from '../sessions/service-of-session.js';

export interface SystemCounts {
  readonly routersPending: number;
  readonly routersOnline: number;
  readonly routersOffline: number;
  readonly outboxWaiting: number;
  readonly outboxOldestSeconds: number;
  /** Accounting records that came past Redis and wait in the table; at most `MOST_COUNTED`. */
  readonly accountingRows: number;
  readonly paymentsCreated: number;
  readonly paymentsRequested: number;
  readonly paymentsTimedOut: number;
  readonly paymentsReview: number;
}

const MOST_COUNTED = 100_000;

/** What lies there and waits, in one round trip; every part has an index or is small. */
export async function countSystem(tx: Tx): Promise<SystemCounts> {
  const [row] = await tx.$queryRaw<SystemCounts[]>`
    SELECT * FROM (
      SELECT count(*) FILTER (WHERE status = 'pending')::int AS "routersPending",
             count(*) FILTER (WHERE status = 'online')::int AS "routersOnline",
             count(*) FILTER (WHERE status = 'offline')::int AS "routersOffline"
      FROM router WHERE deleted_at IS NULL
    ) AS routers, (
      SELECT count(*)::int AS "outboxWaiting",
             coalesce(extract(epoch FROM greatest(now() - min(created_at), interval '0')), 0)::float8 AS "outboxOldestSeconds"
      FROM outbox_message WHERE published_at IS NULL
    ) AS outbox, (
      SELECT count(*)::int AS "accountingRows" FROM (
        SELECT FROM accounting_record WHERE merged_at IS NULL AND problem IS NULL LIMIT ${MOST_COUNTED}::int) AS waiting
    ) AS accounting, (
      SELECT count(*) FILTER (WHERE state = 'created')::int AS "paymentsCreated",
             count(*) FILTER (WHERE state = 'requested')::int AS "paymentsRequested",
             count(*) FILTER (WHERE state = 'timed_out')::int AS "paymentsTimedOut",
             count(*) FILTER (WHERE state = 'review')::int AS "paymentsReview"
      FROM payment WHERE state IN ('created', 'requested', 'timed_out', 'review')
    ) AS payments`;
  if (row === undefined) throw new Error('the count query gave no row');
  return row;
}

export interface SessionCount {
  /** `unknown`: of an entitlement that nobody knows, or of none. */
  readonly service: 'hotspot' | 'pppoe' | 'unknown';
  readonly stale: boolean;
  readonly count: number;
}

export async function countSessions(tx: Tx): Promise<SessionCount[]> {
  return tx.$queryRaw<SessionCount[]>`
    SELECT coalesce(${SERVICE_OF_SESSION}::text, 'unknown') AS service, s.state = 'stale' AS stale, count(*)::int AS count
    FROM session s
    WHERE s.state IN ('open', 'closing', 'stale') GROUP BY 1, 2`;
}
