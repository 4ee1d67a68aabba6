import type { Tx } from '@turnpike/db/database.js';
import { Prisma, type ServiceType, type SessionState } from '@turnpike/db/generated/client.js';
import { SERVICE_OF_SESSION } from './service-of-session.js';
import { readSessionRows, type SessionRow } from './session.store.js';

/** Where a page ended: the next one goes on with what began before, or with the same instant and a lower id. */
export interface HistoryPlace {
  readonly startedAt: Date;
  readonly id: string;
}

export interface HistoryFilter {
  /** Sessions that ran at some time from `from` on, and before `to`. */
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly username?: string | undefined;
  readonly customerId?: string | undefined;
  readonly routerId?: string | undefined;
  /** In one of these; default: in any. */
  readonly states?: readonly SessionState[] | undefined;
  readonly service?: ServiceType | undefined;
  /** Only on routers that stand at these; null: on any. */
  readonly sites: readonly string[] | null;
  readonly after: HistoryPlace | undefined;
  readonly limit: number;
}

/**
 * What began last comes first; one more row than `limit`. However far back the range is, each part is read backwards along an
 * index on the start: those that began in the range or on the day before it, and only when these are too few the rest, which
 * are the long ones and those that still run.
 */
export async function listHistoryRows(tx: Tx, filter: HistoryFilter): Promise<SessionRow[]> {
  const wanted = filter.limit + 1;
  const isOfOne = filter.customerId !== undefined || filter.username !== undefined;
  if (isOfOne) return readSessionRows(tx, ofOne(filter, wanted), wanted);
  const recent = await readSessionRows(tx, recentOnes(filter, wanted), wanted);
  if (filter.from === undefined || recent.length >= wanted) return recent;
  const left = wanted - recent.length;
  return [...recent, ...(await readSessionRows(tx, longOnes(filter, filter.from, left), left))];
}

/** One customer has few sessions, and an index on customer and start has them in order. */
function ofOne(filter: HistoryFilter, wanted: number): Prisma.Sql {
  return Prisma.sql`
    SELECT s.* FROM session s
    WHERE ${whole(filter)} AND s.state IN (SELECT * FROM ${statesOf(filter.states)}) ${atPlaces(filter)}
    ${IN_ORDER} LIMIT ${wanted}`;
}

/** By state, or by router and state, because that is how the indexes on the start begin. */
function recentOnes(filter: HistoryFilter, wanted: number): Prisma.Sql {
  const { from, routerId, sites, states } = filter;
  const isPlaced = routerId !== undefined || sites !== null;
  const since =
    from === undefined ? Prisma.empty : Prisma.sql`AND s.started_at >= ${from}::timestamptz - interval '1 day'`;
  return Prisma.sql`
    SELECT s.*
    FROM ${statesOf(states)} AS each(state)
      ${isPlaced ? Prisma.sql`, (SELECT r.id FROM router r WHERE TRUE ${ofRouters(filter)}) AS place` : Prisma.empty},
      LATERAL (
        SELECT s.* FROM session s
        WHERE s.state = each.state ${isPlaced ? Prisma.sql`AND s.router_id = place.id` : Prisma.empty}
          ${since} AND ${whole(filter)} ${IN_ORDER} LIMIT ${wanted}
      ) AS s
    ${IN_ORDER} LIMIT ${wanted}`;
}

function statesOf(states: HistoryFilter['states']): Prisma.Sql {
  if (states === undefined) return Prisma.sql`unnest(enum_range(NULL::"SessionState"))`;
  return Prisma.sql`unnest(${[...states]}::"SessionState"[])`;
}

/** Those that began more than a day before the range: few took that long, and few of these still run. */
function longOnes(filter: HistoryFilter, from: Date, wanted: number): Prisma.Sql {
  const rest = Prisma.sql`s.started_at < ${from}::timestamptz - interval '1 day' AND ${whole(filter)} ${atPlaces(filter)}`;
  return Prisma.sql`
    SELECT s.* FROM (
      (SELECT s.* FROM session s
       WHERE s.stopped_at - s.started_at > interval '1 day' AND ${rest} ${IN_ORDER} LIMIT ${wanted})
      UNION ALL
      (SELECT s.* FROM session s
       WHERE s.state IN ('open', 'closing', 'stale') AND s.stopped_at IS NULL AND ${rest} ${IN_ORDER} LIMIT ${wanted})
    ) AS s
    ${IN_ORDER} LIMIT ${wanted}`;
}

const IN_ORDER = Prisma.sql`ORDER BY s.started_at DESC, s.id DESC`;

/** Everything but the place. */
function whole({ from, to, username, customerId, service, after }: HistoryFilter): Prisma.Sql {
  return Prisma.join(
    [
      Prisma.sql`TRUE`,
      ...(from === undefined ? [] : [Prisma.sql`(s.stopped_at IS NULL OR s.stopped_at >= ${from})`]),
      ...(to === undefined ? [] : [Prisma.sql`s.started_at < ${to}`]),
      ...(username === undefined ? [] : [Prisma.sql`s.username = ${username}`]),
      ...(customerId === undefined ? [] : [Prisma.sql`s.customer_id = ${customerId}::uuid`]),
      ...(service === undefined ? [] : [Prisma.sql`${SERVICE_OF_SESSION} = ${service}::"ServiceType"`]),
      ...(after === undefined
        ? []
        : [Prisma.sql`(s.started_at, s.id) < (${after.startedAt}::timestamptz, ${after.id}::uuid)`]),
    ],
    ' AND ',
  );
}

function atPlaces(filter: HistoryFilter): Prisma.Sql {
  if (filter.routerId === undefined && filter.sites === null) return Prisma.empty;
  return Prisma.sql`AND s.router_id IN (SELECT r.id FROM router r WHERE TRUE ${ofRouters(filter)})`;
}

function ofRouters({ routerId, sites }: HistoryFilter): Prisma.Sql {
  return Prisma.sql`${routerId === undefined ? Prisma.empty : Prisma.sql`AND r.id = ${routerId}::uuid`}
    ${sites === null ? Prisma.empty : Prisma.sql`AND r.site = ANY(${[...sites]}::text[])`}`;
}
