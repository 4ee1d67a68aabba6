import type { Sql } from '@turnpike/db/sql.js';

/** What one NAS did since the last report. Times in ms since 1970, null: not seen. */
export interface NasReport {
  readonly routerId: string;
  /** The rotation of its secrets under which `currentMs` and `previousMs` were seen. */
  readonly generation: number | null;
  readonly lastRequestMs: number | null;
  readonly currentMs: number | null;
  readonly previousMs: number | null;
  readonly signedMs: number | null;
  readonly mismatches: number;
  readonly lastMismatchMs: number | null;
  readonly throttled: number;
  readonly lastThrottledMs: number | null;
}

/**
 * Adds reports to what is stored, in one statement: the newest times win and counts are summed, so several processes may
 * report on one NAS. Uses of secrets that were rotated since are left out, and so are routers that are gone.
 */
export async function addNasReports(sql: Sql, reports: readonly NasReport[]): Promise<void> {
  if (reports.length === 0) return;
  // In the order of the ids, so that two processes never wait for each other's rows.
  await sql.$executeRaw`
    INSERT INTO nas_activity AS a (router_id, last_request_at, current_used_at, previous_used_at, signed_at,
                                   mismatches, last_mismatch_at, throttled, last_throttled_at)
    SELECT r.id, to_timestamp(n."lastRequestMs" / 1000.0),
           CASE WHEN same THEN to_timestamp(n."currentMs" / 1000.0) END,
           CASE WHEN same THEN to_timestamp(n."previousMs" / 1000.0) END,
           to_timestamp(n."signedMs" / 1000.0), n.mismatches, to_timestamp(n."lastMismatchMs" / 1000.0),
           n.throttled, to_timestamp(n."lastThrottledMs" / 1000.0)
    FROM jsonb_to_recordset(${JSON.stringify(reports)}::jsonb) AS n(
           "routerId" uuid, generation bigint, "lastRequestMs" bigint, "currentMs" bigint, "previousMs" bigint,
           "signedMs" bigint, mismatches bigint, "lastMismatchMs" bigint, throttled bigint, "lastThrottledMs" bigint)
      JOIN router r ON r.id = n."routerId" AND r.deleted_at IS NULL
      CROSS JOIN LATERAL (
        SELECT (extract(epoch FROM r.secret_rotated_at) * 1000)::bigint IS NOT DISTINCT FROM n.generation AS same) g
    ORDER BY r.id
    ON CONFLICT (router_id) DO UPDATE SET
      last_request_at = greatest(a.last_request_at, excluded.last_request_at),
      current_used_at = greatest(a.current_used_at, excluded.current_used_at),
      previous_used_at = greatest(a.previous_used_at, excluded.previous_used_at),
      signed_at = greatest(a.signed_at, excluded.signed_at),
      mismatches = a.mismatches + excluded.mismatches,
      last_mismatch_at = greatest(a.last_mismatch_at, excluded.last_mismatch_at),
      throttled = a.throttled + excluded.throttled,
      last_throttled_at = greatest(a.last_throttled_at, excluded.last_throttled_at)`;
}
