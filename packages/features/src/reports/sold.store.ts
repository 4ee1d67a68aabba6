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

/** Where anything was sold or refunded in the range, the one with most entries first. */
export async function orderByUse(tx: Tx, range: ReportRange, accounts: readonly SalesAccounts[]) {
  const ids = accounts.map(({ sales }) => sales);
  const rows = await tx.$queryRaw<{ sales: string }[]>`
    SELECT p.account_id::text AS sales
    FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id = ANY(${ids}::uuid[])
    WHERE ${within(range)}
    GROUP BY 1 ORDER BY count(*) DESC, 1`;
  return rows.flatMap(({ sales }) => accounts.filter((account) => account.sales === sales));
}

/** Of an entry `e`: half-open, by the clock of the time zone. */
export function within({ timeZone, from, to }: ReportRange): Prisma.Sql {
  return Prisma.sql`e.created_at >= ${from}::date::timestamp AT TIME ZONE ${timeZone}
    AND e.created_at < ${to}::date::timestamp AT TIME ZONE ${timeZone}`;
}
