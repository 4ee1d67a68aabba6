import type { Tx } from '@turnpike/db/database.js';
import type { Session } from '@turnpike/db/generated/client.js';

export type SessionRow = Session & { readonly router: { readonly id: string; readonly name: string } };

export interface SessionFilter {
  readonly state?: Session['state'] | undefined;
  readonly username?: string | undefined;
  readonly routerId?: string | undefined;
  readonly customerId?: string | undefined;
  /** Id of the last row shown. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Newest first by id, which never changes, so that pages neither repeat nor miss a session; one more row than `limit`. */
export async function listSessionRows(tx: Tx, filter: SessionFilter): Promise<SessionRow[]> {
  return tx.session.findMany({
    where: {
      ...(filter.state === undefined ? {} : { state: { in: statesOf(filter.state) } }),
      ...(filter.username === undefined ? {} : { username: filter.username }),
      ...(filter.routerId === undefined ? {} : { routerId: filter.routerId }),
      ...(filter.customerId === undefined ? {} : { customerId: filter.customerId }),
      ...(filter.after === undefined ? {} : { id: { lt: filter.after } }),
    },
    include: { router: { select: { id: true, name: true } } },
    orderBy: { id: 'desc' },
    take: filter.limit + 1,
  });
}

/** Who is being disconnected is online until the NAS says otherwise. */
function statesOf(state: Session['state']): Session['state'][] {
  return state === 'open' ? ['open', 'closing'] : [state];
}

export async function findSessionState(tx: Tx, id: string): Promise<Session['state'] | undefined> {
  return (await tx.session.findUnique({ where: { id }, select: { state: true } }))?.state;
}

export async function markClosing(tx: Tx, id: string): Promise<void> {
  await tx.session.updateMany({ where: { id, state: { in: ['open', 'stale'] } }, data: { state: 'closing' } });
}

/** A NAS that refuses leaves the session as it was. */
export async function reopenRefused(tx: Tx, id: string): Promise<void> {
  await tx.session.updateMany({ where: { id, state: 'closing' }, data: { state: 'open' } });
}

export interface SweptSession {
  readonly id: string;
  readonly key: string;
  readonly username: string;
  readonly entitlementId: string | null;
  readonly callingStationId: string | null;
  readonly state: Session['state'];
}

/** Running sessions silent for longer than `silentSeconds` by the database's clock become stale. */
export async function markSilentStale(tx: Tx, silentSeconds: number, limit: number): Promise<SweptSession[]> {
  return tx.$queryRaw<SweptSession[]>`
    UPDATE session SET state = 'stale'
    WHERE id IN (SELECT id FROM session WHERE state IN ('open', 'closing')
                   AND last_seen_at < now() - make_interval(secs => ${silentSeconds}::float8)
                 ORDER BY key LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id::text AS id, key, username, entitlement_id::text AS "entitlementId",
              calling_station_id AS "callingStationId", state::text AS state`;
}

/**
 * Closes, where they were last heard of, sessions of which the NAS itself said that they are gone (Disconnect-ACK, or
 * NAK 503) and has not spoken since; and stale ones that stayed silent for `forgottenSeconds`. No cause: no Stop told one.
 */
export async function closeProvenGone(
  tx: Tx,
  options: { graceSeconds: number; forgottenSeconds: number; limit: number },
): Promise<SweptSession[]> {
  const { graceSeconds, forgottenSeconds, limit } = options;
  return tx.$queryRaw<SweptSession[]>`
    UPDATE session SET state = 'closed', stopped_at = last_seen_at, terminate_cause = NULL
    WHERE id IN (
      SELECT s.id FROM session s
      WHERE (s.state IN ('closing', 'stale') AND EXISTS (
               SELECT FROM session_command c
               WHERE c.session_id = s.id AND c.state IN ('acknowledged', 'already_gone')
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
      SELECT reason, state, finished_at FROM session_command WHERE session_id = s.id ORDER BY id DESC LIMIT 1
    ) last ON true
    WHERE s.state IN ('open', 'closing')
      AND (last.state IS NULL OR last.finished_at < now() - make_interval(secs => ${waitSeconds}::float8))
      AND (s.state = 'closing' AND (last.state = 'unanswered' OR s.last_seen_at > last.finished_at)
           OR e.state IN ('expired', 'exhausted', 'suspended', 'refunded') OR c.status = 'suspended')
    ORDER BY s.id LIMIT ${limit}`;
}
