import type { Tx } from '@turnpike/db/database.js';

export interface RouterFinding {
  readonly id: string;
  readonly name: string;
  readonly minutes: number;
}

export interface OfflineRouter extends RouterFinding {
  readonly site: string | null;
}

/** Routers that were reached once and have not been for so many minutes. */
export async function findOffline(tx: Tx, now: Date, minutes: number): Promise<OfflineRouter[]> {
  return tx.$queryRaw<OfflineRouter[]>`
    SELECT id::text AS id, name, site,
           extract(epoch FROM ${now}::timestamptz - coalesce(last_seen_at, created_at))::float8 / 60 AS minutes
    FROM router
    WHERE deleted_at IS NULL AND status = 'offline'
      AND coalesce(last_seen_at, created_at) <= ${now}::timestamptz - make_interval(secs => ${minutes * 60}::float8)`;
}

/**
 * Routers that are reached and whose RADIUS has stopped: somebody is online there, so reports ought to come. One that was
 * found before stays found until it sends something, although its sessions are forgotten meanwhile.
 */
export async function findSilent(tx: Tx, now: Date, minutes: number): Promise<RouterFinding[]> {
  return tx.$queryRaw<RouterFinding[]>`
    SELECT r.id::text AS id, r.name,
           extract(epoch FROM ${now}::timestamptz - a.last_request_at)::float8 / 60 AS minutes
    FROM router r JOIN nas_activity a ON a.router_id = r.id
    WHERE r.deleted_at IS NULL AND r.status = 'online'
      AND a.last_request_at <= ${now}::timestamptz - make_interval(secs => ${minutes * 60}::float8)
      AND (EXISTS (SELECT FROM session s WHERE s.router_id = r.id AND s.state IN ('open', 'closing', 'stale'))
           OR EXISTS (SELECT FROM alert o WHERE o.router_id = r.id AND o.kind = 'router_silent_radius'
                        AND o.resolved_at IS NULL))`;
}

/** Routers of whose packets the newest fit no secret; those that a stranger sends in their name are few and far between. */
export async function findWrongSecret(tx: Tx, now: Date, withinMinutes: number): Promise<RouterFinding[]> {
  return tx.$queryRaw<RouterFinding[]>`
    SELECT r.id::text AS id, r.name, 1::float8 AS minutes
    FROM router r JOIN nas_activity a ON a.router_id = r.id
    WHERE r.deleted_at IS NULL
      AND a.last_mismatch_at > greatest(a.current_used_at, a.previous_used_at, 'epoch'::timestamptz)
      AND a.last_mismatch_at > ${now}::timestamptz - make_interval(secs => ${withinMinutes * 60}::float8)`;
}

/** Sites with at least so many routers that were reached once, none of which is reached now. */
export async function findSitesDown(tx: Tx, least: number): Promise<{ site: string; routers: number }[]> {
  return tx.$queryRaw<{ site: string; routers: number }[]>`
    SELECT site, count(*)::int AS routers FROM router
    WHERE deleted_at IS NULL AND site IS NOT NULL AND status <> 'pending'
    GROUP BY site HAVING count(*) >= ${least} AND bool_and(status = 'offline')`;
}
