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
    -- Day by day: what is grouped at once then fits into memory, and the planner knows that the groups are few.
    WITH days AS (
      SELECT day::date AS day, greatest(day AT TIME ZONE ${timeZone}, ${from}::timestamptz) AS begins,
             least((day + interval '1 day') AT TIME ZONE ${timeZone}, ${to}::timestamptz) AS ends
      FROM generate_series(date_trunc('day', ${from}::timestamptz AT TIME ZONE ${timeZone}),
                           ${to}::timestamptz AT TIME ZONE ${timeZone}, interval '1 day') AS day
    )
    SELECT to_char(days.day, 'YYYY-MM-DD') AS day, of_day.* FROM days, LATERAL (
    SELECT provider, currency, count(*)::int AS attempts,
           (count(*) FILTER (WHERE state = 'succeeded'))::int AS succeeded,
           (count(*) FILTER (WHERE state IN ('failed', 'timed_out')))::int AS failed,
           (count(*) FILTER (WHERE state = 'review'))::int AS review,
           coalesce(sum(paid_minor) FILTER (WHERE state = 'succeeded' AND refunded_at IS NULL AND provider <> 'wallet'), 0)::bigint
             AS "revenueMinor",
           coalesce(sum(paid_minor) FILTER (WHERE state = 'succeeded' AND refunded_at IS NOT NULL), 0)::bigint
             AS "refundedMinor"
    FROM payment
    WHERE created_at >= days.begins AND created_at < days.ends
    GROUP BY 1, 2) AS of_day
    ORDER BY 1, 2, 3`;
}
