import type { Tx } from '@turnpike/db/database.js';

/** Days of the time zone, `YYYY-MM-DD`, the last one included. */
export interface UsageSpan {
  readonly customerId: string;
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
}

export interface UsageRow {
  readonly day: string;
  readonly inputOctets: bigint;
  readonly outputOctets: bigint;
  readonly sessions: number;
  readonly seconds: number;
}

/**
 * Every day of the span. A session tells how much it used in all, not when: each of its days gets its part by time. One that
 * still runs counts as far as accounting has told of it.
 */
export async function sumUsageByDay(tx: Tx, { customerId, timeZone, from, to }: UsageSpan): Promise<UsageRow[]> {
  return tx.$queryRaw<UsageRow[]>`
    WITH days AS (
      SELECT day::date AS day, day AT TIME ZONE ${timeZone} AS starts, (day + interval '1 day') AT TIME ZONE ${timeZone} AS ends
      FROM generate_series(${from}::date::timestamp, ${to}::date::timestamp, interval '1 day') AS day
    ), ran AS (
      SELECT started_at, coalesce(stopped_at, last_seen_at) AS ended_at, input_octets, output_octets, session_seconds
      FROM session
      WHERE customer_id = ${customerId}::uuid AND started_at < (SELECT max(ends) FROM days)
        AND coalesce(stopped_at, last_seen_at) >= (SELECT min(starts) FROM days)
    ), part AS (
      SELECT days.day, input_octets, output_octets, session_seconds,
             CASE WHEN ended_at <= started_at THEN 1 ELSE
               extract(epoch FROM least(ended_at, ends) - greatest(started_at, starts))
                 / extract(epoch FROM ended_at - started_at) END AS share
      FROM ran JOIN days ON started_at < ends AND (ended_at > starts OR started_at >= starts)
    )
    SELECT days.day::text AS day,
           coalesce(round(sum(input_octets * share)), 0)::bigint AS "inputOctets",
           coalesce(round(sum(output_octets * share)), 0)::bigint AS "outputOctets",
           count(share)::int AS sessions, coalesce(round(sum(session_seconds * share)), 0)::int AS seconds
    FROM days LEFT JOIN part ON part.day = days.day
    GROUP BY days.day ORDER BY days.day`;
}

/** Sessions that ran at some time of the span, each once. */
export async function countSessionsIn(tx: Tx, { customerId, timeZone, from, to }: UsageSpan): Promise<number> {
  const [row] = await tx.$queryRaw<{ sessions: number }[]>`
    SELECT count(*)::int AS sessions FROM session
    WHERE customer_id = ${customerId}::uuid
      AND started_at < (${to}::date + 1)::timestamp AT TIME ZONE ${timeZone}
      AND (coalesce(stopped_at, last_seen_at) > ${from}::date::timestamp AT TIME ZONE ${timeZone}
        OR started_at >= ${from}::date::timestamp AT TIME ZONE ${timeZone})`;
  return row?.sessions ?? 0;
}
