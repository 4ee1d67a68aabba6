import type { Tx } from '@turnpike/db/database.js';
import type { SweptSession } from './session.store.js';

/**
 * Closes, where they were last heard of, sessions that are proven to be over and of which nothing was heard since: the NAS
 * did not know them any more (NAK 503), its own list showed them gone, or it promised their end (ACK) and they have been
 * silent for longer than any running one; and stale ones that stayed silent for `forgottenSeconds`. No cause: no Stop
 * told one.
 */
export async function closeProvenGone(
  tx: Tx,
  options: { graceSeconds: number; forgottenSeconds: number; limit: number },
): Promise<SweptSession[]> {
  const { graceSeconds, forgottenSeconds, limit } = options;
  return tx.$queryRaw<SweptSession[]>`
    -- The few of these states first: for the sake of the order PostgreSQL would walk through every session there ever was.
    WITH ending AS MATERIALIZED (SELECT id FROM session WHERE state IN ('closing', 'stale'))
    UPDATE session SET state = 'closed', stopped_at = greatest(started_at, last_seen_at), terminate_cause = NULL
    WHERE id IN (
      SELECT s.id FROM session s JOIN ending USING (id)
      WHERE (s.state IN ('closing', 'stale') AND EXISTS (
               SELECT FROM session_command c
               WHERE c.session_id = s.id AND c.kind = 'disconnect'
                 AND (c.state IN ('already_gone', 'removed') OR c.state = 'acknowledged' AND s.state = 'stale')
                 AND c.finished_at > s.last_seen_at
                 AND c.finished_at < now() - make_interval(secs => ${graceSeconds}::float8)))
         OR (s.state = 'stale' AND s.last_seen_at < now() - make_interval(secs => ${forgottenSeconds}::float8))
      ORDER BY s.key LIMIT ${limit} FOR UPDATE OF s SKIP LOCKED)
    RETURNING id::text AS id, key, username, entitlement_id::text AS "entitlementId",
              calling_station_id AS "callingStationId", state::text AS state`;
}

/**
 * Running sessions that ought to have ended and with no order under way: the last one was not answered, or the NAS went
 * on after it, or the session began while its end was being ordered. Each is given `waitSeconds` between orders.
 */
export async function findOverdue(
  tx: Tx,
  waitSeconds: number,
  limit: number,
): Promise<{ id: string; reason: string }[]> {
  return tx.$queryRaw<{ id: string; reason: string }[]>`
    SELECT s.id::text AS id, coalesce(last.reason, 'the right to be online has ended') AS reason
    FROM session s
    LEFT JOIN entitlement e ON e.id = s.entitlement_id
    LEFT JOIN customer c ON c.id = s.customer_id
    LEFT JOIN LATERAL (
      SELECT reason, state, finished_at FROM session_command
      WHERE session_id = s.id AND kind = 'disconnect' ORDER BY id DESC LIMIT 1
    ) last ON true
    WHERE s.state IN ('open', 'closing')
      -- Said twice, so that the last order is looked up only for the few that it matters for.
      AND (s.state = 'closing' OR e.state IN ('expired', 'exhausted', 'suspended', 'refunded') OR c.status = 'suspended')
      AND (last.state IS NULL OR last.finished_at < now() - make_interval(secs => ${waitSeconds}::float8))
      AND (s.state = 'closing' AND (last.state = 'unanswered' OR s.last_seen_at > last.finished_at)
           OR e.state IN ('expired', 'exhausted', 'suspended', 'refunded') OR c.status = 'suspended')
    ORDER BY s.id LIMIT ${limit}`;
}

/** A session whose end was ordered and is not proven, with the last order. */
export interface UnprovenSession {
  readonly commandId: string;
  readonly routerId: string;
  readonly acctSessionId: string;
  readonly username: string;
  readonly framedIpAddress: string | null;
  readonly callingStationId: string | null;
  readonly sessionSeconds: number;
  readonly lastSeenAt: Date;
}

/**
 * Sessions whose end was promised (ACK) `graceSeconds` ago and not heard of since, neither Stop nor anything else, and
 * those that fell silent while nobody answered the order: the router's own list has to tell.
 */
export async function findUnproven(
  tx: Tx,
  graceSeconds: number,
  exceptRouters: readonly string[],
  limit: number,
): Promise<UnprovenSession[]> {
  return tx.$queryRaw<UnprovenSession[]>`
    SELECT last.id::text AS "commandId", s.router_id::text AS "routerId", s.acct_session_id AS "acctSessionId", s.username,
           s.framed_ip_address AS "framedIpAddress", s.calling_station_id AS "callingStationId",
           s.session_seconds AS "sessionSeconds", s.last_seen_at AS "lastSeenAt"
    FROM session s
    JOIN LATERAL (
      SELECT id, state, finished_at FROM session_command
      WHERE session_id = s.id AND kind = 'disconnect' ORDER BY id DESC LIMIT 1
    ) last ON true
    WHERE s.state IN ('closing', 'stale') AND s.router_id <> ALL(${[...exceptRouters]}::uuid[])
      AND last.finished_at > s.last_seen_at
      AND last.finished_at < now() - make_interval(secs => ${graceSeconds}::float8)
      AND (last.state = 'acknowledged' OR last.state = 'unanswered' AND s.state = 'stale')
    ORDER BY last.finished_at LIMIT ${limit}`;
}

/** The router's own list was the proof; the time of the order's end becomes the time of the proof. */
export async function noteProof(
  tx: Tx,
  proofs: readonly { commandId: string; state: 'already_gone' | 'removed'; detail: string; at: Date }[],
): Promise<void> {
  const rows = proofs.map((proof) => ({ ...proof, at: proof.at.toISOString() }));
  await tx.$executeRaw`
    UPDATE session_command c SET state = r.state::"SessionCommandState", detail = r.detail, finished_at = r.at
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("commandId" uuid, state text, detail text, at timestamptz)
    WHERE c.id = r."commandId" AND c.state IN ('acknowledged', 'unanswered')`;
}

/**
 * Sessions that should have been over for `overdueSeconds` and are not proven to be: their end was ordered (and not refused,
 * where nothing but an operator's word ends them) or their right to be online has ended.
 */
export async function countUnended(tx: Tx, overdueSeconds: number): Promise<number> {
  const rows = await tx.$queryRaw<{ sessions: number }[]>`
    SELECT count(*)::int AS sessions
    FROM session s
    LEFT JOIN entitlement e ON e.id = s.entitlement_id AND e.state IN ('expired', 'exhausted', 'suspended', 'refunded')
    LEFT JOIN customer c ON c.id = s.customer_id AND c.status = 'suspended'
    WHERE s.state IN ('open', 'closing', 'stale')
      AND (s.state IN ('closing', 'stale') OR e.id IS NOT NULL OR c.id IS NOT NULL)
      AND EXISTS (SELECT FROM session_command d
                  WHERE d.session_id = s.id AND d.kind = 'disconnect'
                    AND d.created_at < now() - make_interval(secs => ${overdueSeconds}::float8)
                    AND (d.state <> 'refused' OR e.id IS NOT NULL OR c.id IS NOT NULL))`;
  return rows[0]?.sessions ?? 0;
}
