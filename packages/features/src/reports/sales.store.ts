import type { SalesGrouping } from '@turnpike/contracts/reports.js';
import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import type { ReportRange } from './report-range.js';
import { within, type SalesAccounts } from './sold.store.js';

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
 * What the ledger booked on the accounts of sales and commission, by entry: the payment or the batch of vouchers that it is
 * about says the rest. One statement, so that rows and total are of one instant.
 */
export async function sumSales(
  tx: Tx,
  range: ReportRange,
  { sales, commission }: SalesAccounts,
  by: SalesGrouping,
): Promise<SalesRow[]> {
  const { key, name, joins } = groupings(range.timeZone)[by];
  const isSales = Prisma.sql`p.account_id = ${sales}::uuid`;
  return tx.$queryRaw<SalesRow[]>`
    WITH part AS MATERIALIZED (
      SELECT ${key} AS key, pay.customer_id,
             count(*) FILTER (WHERE ${isSales} AND e.kind <> 'refund') AS payments,
             coalesce(sum(p.amount_minor) FILTER (WHERE ${isSales} AND e.kind <> 'refund'), 0) AS gross,
             -coalesce(sum(p.amount_minor) FILTER (WHERE ${isSales} AND e.kind = 'refund'), 0) AS refunded,
             -coalesce(sum(p.amount_minor) FILTER (WHERE NOT (${isSales})), 0) AS commission
      FROM ledger_entry e
      JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id IN (${sales}::uuid, ${commission ?? sales}::uuid)
      LEFT JOIN payment pay ON pay.id = e.payment_id
      ${joins}
      WHERE ${within(range)}
      GROUP BY 1, 2
    ), summed AS (
      SELECT key, sum(payments)::int AS payments, (count(customer_id) FILTER (WHERE payments > 0))::int AS customers,
             sum(gross) AS gross, sum(refunded) AS refunded, sum(commission) AS commission
      FROM part GROUP BY key
    ), everybody AS (
      SELECT count(*)::int AS customers
      FROM (SELECT FROM part WHERE payments > 0 AND customer_id IS NOT NULL GROUP BY customer_id) AS each
    )
    SELECT false AS "isTotal", summed.key::text AS key, ${name} AS name, payments, customers, gross::bigint AS "grossMinor",
           refunded::bigint AS "refundedMinor", commission::bigint AS "commissionMinor"
    FROM summed
    UNION ALL
    SELECT true, NULL, NULL, coalesce(sum(payments), 0)::int, (SELECT customers FROM everybody),
           coalesce(sum(gross), 0)::bigint, coalesce(sum(refunded), 0)::bigint, coalesce(sum(commission), 0)::bigint
    FROM summed`;
}

interface Grouping {
  /** Of an entry `e`, its payment `pay`, and what is joined. */
  readonly key: Prisma.Sql;
  /** Of a row of `summed`. */
  readonly name: Prisma.Sql;
  readonly joins: Prisma.Sql;
}

const NO_NAME = Prisma.sql`NULL::text`;
const BATCH = Prisma.sql`LEFT JOIN voucher_batch batch ON batch.id = e.batch_id`;

function groupings(timeZone: string): Readonly<Record<SalesGrouping, Grouping>> {
  const local = Prisma.sql`(e.created_at AT TIME ZONE ${timeZone})`;
  return {
    day: { key: Prisma.sql`${local}::date`, name: NO_NAME, joins: Prisma.empty },
    hour: {
      key: Prisma.sql`to_char(date_trunc('hour', ${local}), 'ID-HH24')`,
      name: NO_NAME,
      joins: Prisma.empty,
    },
    channel: {
      key: Prisma.sql`CASE WHEN e.batch_id IS NOT NULL THEN 'agent' ELSE coalesce(pay.provider, 'none') END`,
      name: NO_NAME,
      joins: Prisma.empty,
    },
    package: {
      key: Prisma.sql`coalesce(pay.package_id, batch.package_id)`,
      name: Prisma.sql`(SELECT package.name FROM package WHERE package.id = summed.key)`,
      joins: BATCH,
    },
    agent: {
      key: Prisma.sql`batch.agent_id`,
      name: Prisma.sql`(SELECT agent.name FROM agent WHERE agent.id = summed.key)`,
      joins: BATCH,
    },
    site: {
      key: Prisma.sql`CASE
        WHEN e.batch_id IS NOT NULL THEN 'agents'
        WHEN router.id IS NOT NULL THEN coalesce('site:' || router.site, 'unsited')
        WHEN pay.created_by NOT IN ('portal', 'system') THEN 'desk'
        ELSE 'none' END`,
      name: NO_NAME,
      joins: Prisma.sql`LEFT JOIN router ON router.id = pay.router_id`,
    },
  };
}
