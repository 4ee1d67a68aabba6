import type { ScheduleWindow } from '@turnpike/core/schedule.js';
import type { Tx } from '@turnpike/db/database.js';

/** In order of their keys. Those that are being ended are left alone. */
export async function findOpenOf(tx: Tx, entitlementId: string): Promise<string[]> {
  const rows = await tx.session.findMany({
    where: { entitlementId, state: { in: ['open', 'stale'] } },
    select: { id: true },
    orderBy: { key: 'asc' },
  });
  return rows.map((row) => row.id);
}

/** A running session beside the limits of its entitlement; usage as accounting last told it. */
export interface SessionLimits {
  readonly state: string;
  readonly endsAt: Date;
  readonly quotaOctets: bigint | null;
  readonly usedOctets: bigint;
  readonly onlineSeconds: bigint | null;
  readonly usedSeconds: bigint;
  readonly schedule: readonly ScheduleWindow[] | null;
  readonly timeZone: string;
  readonly startedAt: Date;
  readonly sessionSeconds: number;
  /** Both directions. */
  readonly sessionOctets: bigint;
}

/** Undefined for a session that is booked on no entitlement. */
export async function findSessionLimits(tx: Tx, sessionId: string): Promise<SessionLimits | undefined> {
  const rows = await tx.$queryRaw<SessionLimits[]>`
    SELECT e.state::text AS state, e.ends_at AS "endsAt", e.quota_octets AS "quotaOctets",
           e.used_octets AS "usedOctets", e.online_seconds AS "onlineSeconds", e.used_seconds AS "usedSeconds",
           e.schedule, e.time_zone AS "timeZone", s.started_at AS "startedAt", s.session_seconds AS "sessionSeconds",
           s.input_octets + s.output_octets AS "sessionOctets"
    FROM session s JOIN entitlement e ON e.id = s.entitlement_id
    WHERE s.id = ${sessionId}::uuid`;
  return rows[0];
}

/** Open sessions whose NAS did not answer the last order of this kind within a day, given more than `waitSeconds` ago. */
export async function findUntoldLimits(tx: Tx, waitSeconds: number, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ sessionId: string }[]>`
    SELECT s.id::text AS "sessionId"
    FROM session_command c
    JOIN session s ON s.id = c.session_id AND s.state = 'open'
    WHERE c.state = 'unanswered' AND c.created_at > now() - interval '1 day' AND c.kind = 'limits'
      AND c.finished_at < now() - make_interval(secs => ${waitSeconds}::float8)
      AND NOT EXISTS (
        SELECT FROM session_command n WHERE n.session_id = c.session_id AND n.kind = 'limits' AND n.id > c.id)
    ORDER BY s.id LIMIT ${limit}`;
  return rows.map((row) => row.sessionId);
}
