import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';

export interface SessionWindow {
  readonly from: Date;
  readonly to: Date;
  readonly routerId: string | undefined;
  /** Null: everywhere. */
  readonly sites: readonly string[] | null;
  /** Id of the last row shown. */
  readonly after: string | undefined;
}

/** A longer window has so many sessions that reading them from the newest on is quicker than putting them in order. */
const LONGEST_MS = 2 * 86_400_000;

export function isShortWindow(from: Date, to: Date): boolean {
  return to.getTime() - from.getTime() <= LONGEST_MS;
}

/**
 * Ids of the newest `limit` that ran at some time of the window. The order of ids leads through every session since then, so
 * they are found by their times first: those that began in the window or on the day before, the few that took longer than a
 * day, and those that still run. Each has an index.
 */
export async function findIdsOfWindow(tx: Tx, window: SessionWindow, limit: number): Promise<string[]> {
  const { from, to, routerId, sites, after } = window;
  const rest = Prisma.sql`${routerId === undefined ? Prisma.empty : Prisma.sql`AND router_id = ${routerId}::uuid`}
    ${after === undefined ? Prisma.empty : Prisma.sql`AND id < ${after}::uuid`}
    ${sites === null ? Prisma.empty : Prisma.sql`AND router_id IN (SELECT id FROM router WHERE site = ANY(${[...sites]}::text[]))`}`;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH ran AS MATERIALIZED (
      SELECT id FROM session
      WHERE state IN ('open', 'closing', 'closed', 'stale')
        AND started_at >= ${from}::timestamptz - interval '1 day' AND started_at < ${to}
        AND (stopped_at IS NULL OR stopped_at >= ${from}) ${rest}
      UNION ALL
      SELECT id FROM session
      WHERE stopped_at - started_at > interval '1 day' AND started_at < ${from}::timestamptz - interval '1 day'
        AND stopped_at >= ${from} ${rest}
      UNION ALL
      SELECT id FROM session
      WHERE state IN ('open', 'closing', 'stale') AND stopped_at IS NULL
        AND started_at < ${from}::timestamptz - interval '1 day' AND started_at < ${to} ${rest}
    )
    SELECT id::text AS id FROM ran ORDER BY ran.id DESC LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}
