import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import { SERVICE_OF_SESSION } from '../sessions/service-of-session.js';

/** Null: everything; else the names of the sites. */
export type Sites = readonly string[] | null;

export interface LiveCounts {
  readonly routersOnline: number;
  readonly routersOffline: number;
  readonly routersPending: number;
  readonly sessionsOpen: number;
  readonly sessionsStale: number;
  readonly sessionsHotspot: number;
  readonly sessionsPppoe: number;
}

/** What changes with every login, in one round trip. */
export async function readLiveCounts(tx: Tx, sites: Sites): Promise<LiveCounts> {
  const [row] = await tx.$queryRaw<LiveCounts[]>`
    SELECT "routersOnline", "routersOffline", "routersPending",
           "sessionsOpen", "sessionsStale", "sessionsHotspot", "sessionsPppoe"
    FROM (
      SELECT count(*) FILTER (WHERE status = 'online')::int AS "routersOnline",
             count(*) FILTER (WHERE status = 'offline')::int AS "routersOffline",
             count(*) FILTER (WHERE status = 'pending')::int AS "routersPending"
      FROM router r WHERE deleted_at IS NULL ${atSites(sites, Prisma.sql`r.site`)}
    ) AS routers, (
      SELECT count(*) FILTER (WHERE state <> 'stale')::int AS "sessionsOpen",
             count(*) FILTER (WHERE state = 'stale')::int AS "sessionsStale",
             count(*) FILTER (WHERE state <> 'stale' AND service = 'hotspot')::int AS "sessionsHotspot",
             count(*) FILTER (WHERE state <> 'stale' AND service = 'pppoe')::int AS "sessionsPppoe"
      FROM (
        SELECT s.state, ${SERVICE_OF_SESSION} AS service FROM session s
        WHERE s.state IN ('open', 'closing', 'stale') ${routerAtSites(sites)}
      ) AS running
    ) AS sessions`;
  if (row === undefined) throw new Error('the count query gave no row');
  return row;
}

/** Customers, who are counted as they come and go, and the rights to be online that are in force. */
export async function countPeople(tx: Tx, now: Date): Promise<{ customers: number; activeEntitlements: number }> {
  const [row] = await tx.$queryRaw<{ customers: number; activeEntitlements: number }[]>`
    SELECT (SELECT coalesce(sum(customers), 0)::int FROM customer_count) AS "customers",
           (SELECT count(*)::int FROM entitlement WHERE state = 'active' AND ends_at > ${now}) AS "activeEntitlements"`;
  return row ?? { customers: 0, activeEntitlements: 0 };
}

/** Naming every state of a session lets the index on state and start be used; there is none on the start alone. */
export async function sumOctetsSince(tx: Tx, since: Date, sites: Sites): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ octets: bigint }[]>`
    SELECT coalesce(sum(s.input_octets + s.output_octets), 0)::bigint AS octets FROM session s
    WHERE s.state IN ('open', 'closing', 'closed', 'stale') AND s.started_at >= ${since} ${routerAtSites(sites)}`;
  return row?.octets ?? 0n;
}

/** Payments that succeeded since then, and those asked for since then that came to nothing. */
export async function countPayments(tx: Tx, since: Date): Promise<{ succeeded: number; failed: number }> {
  const [row] = await tx.$queryRaw<{ succeeded: number; failed: number }[]>`
    SELECT (SELECT count(*)::int FROM payment WHERE settled_at >= ${since} AND state = 'succeeded') AS succeeded,
           (SELECT count(*)::int FROM payment
             WHERE created_at >= ${since} AND state IN ('failed', 'timed_out')) AS failed`;
  return row ?? { succeeded: 0, failed: 0 };
}

function routerAtSites(sites: Sites): Prisma.Sql {
  if (sites === null) return Prisma.empty;
  return Prisma.sql`AND s.router_id IN (SELECT id FROM router WHERE site = ANY(${[...sites]}::text[]))`;
}

function atSites(sites: Sites, column: Prisma.Sql): Prisma.Sql {
  return sites === null ? Prisma.empty : Prisma.sql`AND ${column} = ANY(${[...sites]}::text[])`;
}
