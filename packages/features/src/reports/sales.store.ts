import type { SalesGrouping } from '@turnpike/contracts/reports.js';
import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import { keptParts, ledgerParts, type SalesAccounts, type SoldRange } from './sold.store.js';

export interface SalesRow {
  /** The sum of all. */
  readonly isTotal: boolean;
  /** Null: not known; of agents: none. */
  readonly key: string | null;
  /** What a package or an agent is called; null where the key says it. */
  readonly name: string | null;
  readonly payments: number;
  readonly customers: number;
  readonly grossMinor: bigint;
  readonly refundedMinor: bigint;
  readonly commissionMinor: bigint;
}

/**
 * What the ledger booked on the accounts of sales and commission: the days that are kept from there, the others from the ledger.
 * One statement, so that rows and total are of one instant. Sums and customers are found apart: a list of who bought what is many
 * times as long as either. What is kept is summed up by itself first, which PostgreSQL can do with several processes.
 */
export async function sumSales(
  tx: Tx,
  range: SoldRange,
  account: SalesAccounts,
  by: SalesGrouping,
): Promise<SalesRow[]> {
  const grouping = GROUPINGS[by];
  const { key, name, joins } = grouping;
  const kept = Prisma.sql`(${keptParts(range, account)}) AS s`;
  const sums = (parts: Prisma.Sql): Prisma.Sql => Prisma.sql`
    SELECT ${key} AS key, sum(payments) AS payments, sum(gross_minor) AS gross, sum(refunded_minor) AS refunded,
           sum(commission_minor) AS commission
    FROM ${parts} ${joins} GROUP BY 1`;
  return tx.$queryRaw<SalesRow[]>`
    WITH live AS MATERIALIZED (${ledgerParts({ ...range, from: range.open }, account)}
    ), summed AS MATERIALIZED (
      SELECT key, sum(payments)::int AS payments, sum(gross) AS gross, sum(refunded) AS refunded, sum(commission) AS commission
      FROM (${sums(kept)} UNION ALL ${sums(LIVE)}) AS each GROUP BY key
    ), ${by === 'day' ? buyersOfDays(range, kept) : buyersOf(grouping, kept)}
    SELECT false AS "isTotal", ${grouping.text} AS key, ${name} AS name, payments,
           coalesce(buyers.customers, 0) AS customers, gross::bigint AS "grossMinor", refunded::bigint AS "refundedMinor",
           commission::bigint AS "commissionMinor"
    FROM summed LEFT JOIN buyers ON buyers.key IS NOT DISTINCT FROM summed.key
    UNION ALL
    SELECT true, NULL, NULL, coalesce(sum(payments), 0)::int, (SELECT customers FROM everybody),
           coalesce(sum(gross), 0)::bigint, coalesce(sum(refunded), 0)::bigint, coalesce(sum(commission), 0)::bigint
    FROM summed`;
}

const BOUGHT = Prisma.sql`s.payments > 0 AND s.customer_id IS NOT NULL`;
const LIVE = Prisma.sql`live AS s`;

/** `buyers` of each key, and `everybody`, who may have bought under several. */
function buyersOf({ key, joins }: Grouping, kept: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    pairs AS MATERIALIZED (
      SELECT DISTINCT ${key} AS key, s.customer_id FROM ${kept} ${joins} WHERE ${BOUGHT}
      UNION SELECT ${key}, s.customer_id FROM ${LIVE} ${joins} WHERE ${BOUGHT}
    ), buyers AS MATERIALIZED (
      SELECT key, count(*)::int AS customers FROM pairs GROUP BY key
    ), everybody AS (
      SELECT count(*)::int AS customers FROM (SELECT DISTINCT customer_id FROM pairs) AS each
    )`;
}

/** Day by day where they are kept: many small sets are told apart faster than one of all pairs of days and customers. */
function buyersOfDays({ from, open }: SoldRange, kept: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    buyers AS MATERIALIZED (
      SELECT days.day::date AS key, of_day.customers
      FROM generate_series(${from}::date::timestamp, ${open}::date::timestamp - interval '1 day', interval '1 day') AS days(day),
      LATERAL (
        SELECT count(*)::int AS customers
        FROM (SELECT DISTINCT s.customer_id FROM ${kept} WHERE s.day = days.day::date AND ${BOUGHT}) AS each
      ) AS of_day
      UNION ALL
      SELECT day, count(DISTINCT s.customer_id)::int FROM ${LIVE} WHERE ${BOUGHT} GROUP BY day
    ), everybody AS (
      SELECT count(*)::int AS customers
      FROM (
        SELECT DISTINCT s.customer_id FROM ${kept} WHERE ${BOUGHT}
        UNION SELECT s.customer_id FROM ${LIVE} WHERE ${BOUGHT}
      ) AS each
    )`;
}

interface Grouping {
  /** Of a part `s` of what was sold, and what is joined. */
  readonly key: Prisma.Sql;
  readonly joins: Prisma.Sql;
  /** Of a row of `summed`: the key as it is given, and what it is called. */
  readonly text: Prisma.Sql;
  readonly name: Prisma.Sql;
}

const PLAIN = { joins: Prisma.empty, text: Prisma.sql`summed.key::text`, name: Prisma.sql`NULL::text` };

const GROUPINGS: Readonly<Record<SalesGrouping, Grouping>> = {
  day: { ...PLAIN, key: Prisma.sql`s.day` },
  hour: {
    ...PLAIN,
    key: Prisma.sql`s.week_hour`,
    text: Prisma.sql`(summed.key / 100)::text || '-' || lpad((summed.key % 100)::text, 2, '0')`,
  },
  channel: { ...PLAIN, key: Prisma.sql`s.channel` },
  package: {
    ...PLAIN,
    key: Prisma.sql`s.package_id`,
    name: Prisma.sql`(SELECT package.name FROM package WHERE package.id = summed.key)`,
  },
  agent: {
    ...PLAIN,
    key: Prisma.sql`s.agent_id`,
    name: Prisma.sql`(SELECT agent.name FROM agent WHERE agent.id = summed.key)`,
  },
  site: {
    ...PLAIN,
    key: Prisma.sql`CASE WHEN s.is_batch THEN 'agents' WHEN places.id IS NOT NULL THEN places.place
      WHEN s.at_desk THEN 'desk' ELSE 'none' END`,
    // Not taken apart: what a place is called is put together once for a router, not for every sale.
    joins: Prisma.sql`LEFT JOIN (
      SELECT id, coalesce('site:' || site, 'unsited') AS place FROM router OFFSET 0) AS places ON places.id = s.router_id`,
  },
};
