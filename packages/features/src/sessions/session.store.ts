import type { Tx } from '@turnpike/db/database.js';
import { Prisma, type Session } from '@turnpike/db/generated/client.js';

export type SessionRow = Session & { readonly router: { readonly id: string; readonly name: string } };

const WITH_ROUTER = { router: { select: { id: true, name: true } } } as const;

/**
 * Rows of `source`, a query that gives whole rows of `session` (and reads each of them once: finding their ids first and then
 * the rows would read twice as many pages, which are cold for what is long over). What began last comes first.
 */
export function readSessionRows(tx: Tx, source: Prisma.Sql, limit: number): Promise<SessionRow[]> {
  return tx.$queryRaw<SessionRow[]>`
    -- A router is looked up once for all of its sessions.
    WITH s AS MATERIALIZED (${source}
    ), r AS MATERIALIZED (SELECT id, name FROM router WHERE id IN (SELECT router_id FROM s))
    SELECT s.id::text AS id, s.key, s.acct_session_id AS "acctSessionId", s.router_id::text AS "routerId",
           s.customer_id::text AS "customerId", s.entitlement_id::text AS "entitlementId",
           s.service::text AS service, s.username,
           s.framed_ip_address AS "framedIpAddress", s.calling_station_id AS "callingStationId",
           s.called_station_id AS "calledStationId", s.nas_port_id AS "nasPortId", s.state::text AS state,
           s.started_at AS "startedAt", s.last_seen_at AS "lastSeenAt", s.stopped_at AS "stoppedAt",
           s.session_seconds AS "sessionSeconds", s.input_octets AS "inputOctets", s.output_octets AS "outputOctets",
           s.terminate_cause AS "terminateCause", s.fair_use_step AS "fairUseStep", s.rate_limit AS "rateLimit",
           jsonb_build_object('id', r.id, 'name', r.name) AS router
    FROM s JOIN r ON r.id = s.router_id
    ORDER BY s.started_at DESC, s.id DESC LIMIT ${limit}`;
}

interface HeldAt {
  readonly ip: string;
  readonly at: Date;
  /** Null and undefined: anywhere. */
  readonly sites?: readonly string[] | null | undefined;
  readonly limit: number;
}

/**
 * Sessions that held the address at that instant, as far as accounting tells; those that still run included. An address has
 * been held by thousands: those that began within the day before, the few that took longer, and those that still run have an
 * index each.
 */
export async function listHolders(tx: Tx, { ip, at, sites = null, limit }: HeldAt): Promise<SessionRow[]> {
  const dayBefore = Prisma.sql`${at}::timestamptz - interval '1 day'`;
  const there =
    sites === null
      ? Prisma.empty
      : Prisma.sql`AND s.router_id IN (SELECT id FROM router WHERE site = ANY(${[...sites]}::text[]))`;
  return readSessionRows(
    tx,
    Prisma.sql`
      SELECT s.* FROM session s
      WHERE s.framed_ip_address = ${ip} AND s.started_at >= ${dayBefore} AND s.started_at <= ${at}
        AND (s.stopped_at IS NULL OR s.stopped_at >= ${at}) ${there}
      UNION ALL
      SELECT s.* FROM session s
      WHERE s.framed_ip_address = ${ip} AND s.stopped_at - s.started_at > interval '1 day' AND s.started_at < ${dayBefore}
        AND s.stopped_at >= ${at} ${there}
      UNION ALL
      SELECT s.* FROM session s
      WHERE s.framed_ip_address = ${ip} AND s.state IN ('open', 'closing', 'stale') AND s.stopped_at IS NULL
        AND s.started_at < ${dayBefore} ${there}`,
    limit,
  );
}

export async function findSessionRow(tx: Tx, id: string): Promise<SessionRow | null> {
  return tx.session.findUnique({ where: { id }, include: WITH_ROUTER });
}

export async function findSessionState(tx: Tx, id: string): Promise<Session['state'] | undefined> {
  return (await tx.session.findUnique({ where: { id }, select: { state: true } }))?.state;
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
    -- Found before they are put in order: the order's index leads through every session there ever was.
    WITH silent AS MATERIALIZED (
      SELECT id FROM session WHERE state IN ('open', 'closing')
        AND last_seen_at < now() - make_interval(secs => ${silentSeconds}::float8))
    UPDATE session SET state = 'stale'
    WHERE id IN (SELECT s.id FROM session s JOIN silent USING (id) WHERE s.state IN ('open', 'closing')
                   AND s.last_seen_at < now() - make_interval(secs => ${silentSeconds}::float8)
                 ORDER BY s.key LIMIT ${limit} FOR UPDATE OF s SKIP LOCKED)
    RETURNING id::text AS id, key, username, entitlement_id::text AS "entitlementId",
              calling_station_id AS "callingStationId", state::text AS state`;
}

/** Whether its router stands at one of the sites. */
export async function isSessionAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  return (await tx.session.count({ where: { id, router: { site: { in: [...sites] } } } })) > 0;
}
