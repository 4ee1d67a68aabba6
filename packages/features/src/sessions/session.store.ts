import type { Tx } from '@turnpike/db/database.js';
import type { Session } from '@turnpike/db/generated/client.js';

export type SessionRow = Session & { readonly router: { readonly id: string; readonly name: string } };

function atSites(sites: readonly string[] | null | undefined) {
  return sites === null || sites === undefined ? {} : { router: { site: { in: [...sites] } } };
}

export const WITH_ROUTER = { router: { select: { id: true, name: true } } } as const;

/** Sessions that held the address at that instant, as far as accounting tells; those that still run included. */
export async function listHolders(
  tx: Tx,
  { ip, at, sites, limit }: { ip: string; at: Date; limit: number; sites?: readonly string[] | null | undefined },
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
