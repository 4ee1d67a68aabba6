import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import type { ReportRange } from './report-range.js';
import { keptParts, ledgerParts, within, type SalesAccounts, type SoldRange } from './sold.store.js';

export interface SoldInMonth {
  /** `YYYY-MM` */
  readonly month: string;
  readonly grossMinor: bigint;
  readonly refundedMinor: bigint;
}

/** From the account of sales alone. */
export async function sumMonths(tx: Tx, range: SoldRange, { currency, sales }: SalesAccounts): Promise<SoldInMonth[]> {
  const account = { currency, sales, commission: null };
  return tx.$queryRaw<SoldInMonth[]>`
    WITH days AS (
      SELECT day, sum(gross_minor) AS gross, sum(refunded_minor) AS refunded
      FROM (${keptParts(range, account)} UNION ALL ${ledgerParts({ ...range, from: range.open }, account)}) AS s
      GROUP BY day
    )
    SELECT to_char(day, 'YYYY-MM') AS month, coalesce(sum(gross), 0)::bigint AS "grossMinor",
           coalesce(sum(refunded), 0)::bigint AS "refundedMinor"
    FROM days GROUP BY 1 ORDER BY 1`;
}

export interface SoldLine {
  readonly id: string;
  readonly at: Date;
  readonly kind: string;
  readonly reference: string | null;
  readonly receipt: string | null;
  readonly batchId: string | null;
  readonly description: string;
  readonly amountMinor: bigint;
}

export interface LineAfter {
  readonly at: Date;
  readonly id: string;
}

/** Oldest first, at most `limit`. */
export async function listSold(
  tx: Tx,
  range: ReportRange,
  { sales }: SalesAccounts,
  { after, limit }: { after: LineAfter | undefined; limit: number },
): Promise<SoldLine[]> {
  const on =
    after === undefined ? Prisma.empty : Prisma.sql`AND (e.created_at, e.id) > (${after.at}, ${after.id}::uuid)`;
  return tx.$queryRaw<SoldLine[]>`
    SELECT e.id::text AS id, e.created_at AS at, e.kind, pay.reference, pay.receipt, e.batch_id::text AS "batchId",
           e.description, p.amount_minor AS "amountMinor"
    FROM ledger_entry e
    JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id = ${sales}::uuid
    LEFT JOIN payment pay ON pay.id = e.payment_id
    WHERE ${within(range)} ${on}
    ORDER BY e.created_at, e.id
    LIMIT ${limit}`;
}
