import type { Tx } from '@turnpike/db/database.js';

export interface SummaryRow {
  readonly day: string;
  readonly provider: string;
  readonly currency: string;
  readonly attempts: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly review: number;
  readonly revenueMinor: bigint;
  readonly refundedMinor: bigint;
}

/** One row a day (of the time zone), provider and currency, oldest first. Money counts on the day of its payment. */
export async function summarizePayments(tx: Tx, from: Date, to: Date, timeZone: string): Promise<SummaryRow[]> {
  return tx.$queryRaw<SummaryRow[]>`
    SELECT to_char(created_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD') AS day, provider, currency,
           count(*)::int AS attempts,
           (count(*) FILTER (WHERE state = 'succeeded'))::int AS succeeded,
           (count(*) FILTER (WHERE state IN ('failed', 'timed_out')))::int AS failed,
           (count(*) FILTER (WHERE state = 'review'))::int AS review,
           coalesce(sum(paid_minor) FILTER (WHERE state = 'succeeded' AND refunded_at IS NULL AND provider <> 'wallet'), 0)::bigint
             AS "revenueMinor",
           coalesce(sum(paid_minor) FILTER (WHERE state = 'succeeded' AND refunded_at IS NOT NULL), 0)::bigint
             AS "refundedMinor"
    FROM payment
    WHERE created_at >= ${from} AND created_at < ${to}
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
}
