import type { Tx } from '@turnpike/db/database.js';
import type { ServiceType, Session } from '@turnpike/db/generated/client.js';

export type SessionRow = Session & { readonly router: { readonly id: string; readonly name: string } };

export interface SessionFilter {
  readonly state?: Session['state'] | undefined;
  readonly username?: string | undefined;
  readonly routerId?: string | undefined;
  readonly customerId?: string | undefined;
  /** Only on routers that stand at these; null and undefined: on any. */
  readonly sites?: readonly string[] | null | undefined;
  /** Of what was bought; sessions that nothing was bought for are of neither. */
  readonly service?: ServiceType | undefined;
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
      ...atSites(filter.sites),
      ...(filter.service === undefined ? {} : { entitlement: { type: filter.service } }),
      ...(filter.after === undefined ? {} : { id: { lt: filter.after } }),
    },
    include: WITH_ROUTER,
    orderBy: { id: 'desc' },
    take: filter.limit + 1,
  });
}

function atSites(sites: readonly string[] | null | undefined) {
  return sites === null || sites === undefined ? {} : { router: { site: { in: [...sites] } } };
}

export const WITH_ROUTER = { router: { select: { id: true, name: true } } } as const;

/** Sessions that held the address at that instant, as far as accounting tells; those that still run included. */
export async function listHolders(
  tx: Tx,
  { ip, at, sites, limit }: { ip: string; at: Date; limit: number } & Pick<SessionFilter, 'sites'>,
): Promise<SessionRow[]> {
  return tx.session.findMany({
    where: {
      framedIpAddress: ip,
      startedAt: { lte: at },
      OR: [{ stoppedAt: null }, { stoppedAt: { gte: at } }],
      ...atSites(sites),
    },
    include: WITH_ROUTER,
    orderBy: { startedAt: 'desc' },
    take: limit,
  });
}

/** Who is being disconnected is online until the NAS says otherwise. */
function statesOf(state: Session['state']): Session['state'][] {
  return state === 'open' ? ['open', 'closing'] : [state];
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
