import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import type { ReportRange } from './report-range.js';

/** The accounts that sales of a currency are booked on; undefined where there were none. */
export interface SalesAccounts {
  readonly currency: string;
  readonly sales: string;
  /** Null: no agent ever kept anything. */
  readonly commission: string | null;
}

/** Those of each currency. */
export async function listSalesAccounts(tx: Tx): Promise<SalesAccounts[]> {
  return tx.$queryRaw<SalesAccounts[]>`
    SELECT s.currency, s.id::text AS sales, c.id::text AS commission
    FROM ledger_account s
    LEFT JOIN ledger_account c ON c.kind = 'commission' AND c.owner = s.owner AND c.currency = s.currency
    WHERE s.kind = 'sales'
    ORDER BY s.currency`;
}

/** A range of which the days before `open` are kept; the others are read from the ledger. */
export interface SoldRange extends ReportRange {
  readonly open: string;
}

/** Where anything was sold or refunded in the range, the one with most entries first. */
export async function orderByUse(tx: Tx, range: SoldRange, accounts: readonly SalesAccounts[]) {
  const ids = accounts.map(({ sales }) => sales);
  const rows = await tx.$queryRaw<{ sales: string }[]>`
    SELECT account_id::text AS sales
    FROM (
      SELECT account_id, count(*) AS entries FROM sold_part
      WHERE account_id = ANY(${ids}::uuid[]) AND ${withinKept(range)} GROUP BY account_id
      UNION ALL
      SELECT p.account_id, count(*)
      FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id = ANY(${ids}::uuid[])
      WHERE ${within({ ...range, from: range.open })}
      GROUP BY p.account_id
    ) AS each
    GROUP BY account_id ORDER BY sum(entries) DESC, account_id`;
  return rows.flatMap(({ sales }) => accounts.filter((account) => account.sales === sales));
}

/** Of an entry `e`: half-open, by the clock of the time zone. */
export function within({ timeZone, from, to }: ReportRange): Prisma.Sql {
  return Prisma.sql`e.created_at >= ${from}::date::timestamp AT TIME ZONE ${timeZone}
    AND e.created_at < ${to}::date::timestamp AT TIME ZONE ${timeZone}`;
}

function withinKept({ timeZone, from, open }: SoldRange): Prisma.Sql {
  return Prisma.sql`time_zone = ${timeZone} AND day >= ${from}::date AND day < ${open}::date`;
}

/** Columns of `sold_part`, in the order in which both of these give them. */
export const PART = Prisma.sql`time_zone, account_id, day, week_hour, is_batch, at_desk, payments, gross_minor, refunded_minor,
  commission_minor, channel, package_id, agent_id, router_id, customer_id`;

/** What is kept of one account. */
export function keptParts(range: SoldRange, { sales }: SalesAccounts): Prisma.Sql {
  return Prisma.sql`SELECT ${PART} FROM sold_part WHERE account_id = ${sales}::uuid AND ${withinKept(range)}`;
}

/**
 * The same, a row for each posting, from the ledger: the payment or the batch of vouchers that an entry is about says the rest.
 */
export function ledgerParts(range: ReportRange, { sales, commission }: SalesAccounts): Prisma.Sql {
  const isSales = Prisma.sql`p.account_id = ${sales}::uuid`;
  return Prisma.sql`
    SELECT ${range.timeZone}::text AS time_zone, ${sales}::uuid AS account_id, local.at::date AS day,
           (100 * extract(isodow FROM local.at) + extract(hour FROM local.at))::smallint AS week_hour,
           e.batch_id IS NOT NULL AS is_batch,
           coalesce(pay.created_by NOT IN ('portal', 'system'), false) AS at_desk,
           CASE WHEN ${isSales} AND e.kind <> 'refund' THEN 1 ELSE 0 END AS payments,
           CASE WHEN ${isSales} AND e.kind <> 'refund' THEN p.amount_minor ELSE 0 END AS gross_minor,
           CASE WHEN ${isSales} AND e.kind = 'refund' THEN -p.amount_minor ELSE 0 END AS refunded_minor,
           CASE WHEN ${isSales} THEN 0 ELSE -p.amount_minor END AS commission_minor,
           CASE WHEN e.batch_id IS NOT NULL THEN 'agent' ELSE coalesce(pay.provider, 'none') END AS channel,
           coalesce(pay.package_id, batch.package_id) AS package_id, batch.agent_id, pay.router_id, pay.customer_id
    FROM ledger_entry e
    JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id IN (${sales}::uuid, ${commission ?? sales}::uuid)
    LEFT JOIN payment pay ON pay.id = e.payment_id
    LEFT JOIN voucher_batch batch ON batch.id = e.batch_id,
    LATERAL (SELECT e.created_at AT TIME ZONE ${range.timeZone} AS at) AS local
    WHERE ${within(range)}`;
}
