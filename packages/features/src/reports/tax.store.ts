import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import type { ReportRange } from './report-range.js';
import { within, type SalesAccounts } from './sold.store.js';

export interface SoldInMonth {
  /** `YYYY-MM` */
  readonly month: string;
  readonly grossMinor: bigint;
  readonly refundedMinor: bigint;
}

/** From the account of sales alone. */
export async function sumMonths(tx: Tx, range: ReportRange, { sales }: SalesAccounts): Promise<SoldInMonth[]> {
  return tx.$queryRaw<SoldInMonth[]>`
    SELECT to_char(date_trunc('month', e.created_at AT TIME ZONE ${range.timeZone}), 'YYYY-MM') AS month,
           coalesce(sum(p.amount_minor) FILTER (WHERE e.kind <> 'refund'), 0)::bigint AS "grossMinor",
           coalesce(-sum(p.amount_minor) FILTER (WHERE e.kind = 'refund'), 0)::bigint AS "refundedMinor"
    FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id = ${sales}::uuid
    WHERE ${within(range)}
    GROUP BY 1 ORDER BY 1`;
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
