import type { Tx } from '@turnpike/db/database.js';
import type { DaySpan } from './day-spans.js';

export interface UsageOfDay {
  readonly day: string;
  readonly users: number;
  readonly octets: bigint;
}

export interface RevenueOfDay {
  readonly day: string;
  readonly currency: string;
  readonly revenueMinor: bigint;
  readonly payments: number;
}

/**
 * Counted from the sessions: those that began in the span, those that began before and ended in it or later (on the day before,
 * or of more than a day), and those that still run. Each is in one of the four, and each of the four has an index.
 */
export async function countUsage(tx: Tx, { timeZone, from, to }: DaySpan): Promise<UsageOfDay[]> {
  return tx.$queryRaw<UsageOfDay[]>`
    WITH bounds AS (
      SELECT ${from}::date::timestamp AT TIME ZONE ${timeZone} AS starts, ${to}::date::timestamp AT TIME ZONE ${timeZone} AS ends
    ), ran AS (
      SELECT customer_id, started_at, coalesce(stopped_at, last_seen_at) AS ended_at, input_octets + output_octets AS octets
      FROM session, bounds
      WHERE state IN ('open', 'closing', 'closed', 'stale') AND started_at >= starts AND started_at < ends
      UNION ALL
      SELECT customer_id, started_at, stopped_at, input_octets + output_octets
      FROM session, bounds
      WHERE state IN ('open', 'closing', 'closed', 'stale') AND started_at >= starts - interval '1 day' AND started_at < starts
        AND stopped_at >= starts
      UNION ALL
      SELECT customer_id, started_at, stopped_at, input_octets + output_octets
      FROM session, bounds
      WHERE stopped_at - started_at > interval '1 day' AND started_at < starts - interval '1 day' AND stopped_at >= starts
      UNION ALL
      SELECT customer_id, started_at, last_seen_at, input_octets + output_octets
      FROM session, bounds
      WHERE state IN ('open', 'closing', 'stale') AND stopped_at IS NULL AND started_at < starts AND last_seen_at >= starts
    ), part AS (
      SELECT day::date AS day, customer_id, octets, started_at, ended_at,
             day AT TIME ZONE ${timeZone} AS day_starts, (day + interval '1 day') AT TIME ZONE ${timeZone} AS day_ends
      FROM ran, bounds, generate_series(
        date_trunc('day', greatest(started_at, starts) AT TIME ZONE ${timeZone}),
        date_trunc('day', least(greatest(ended_at, started_at), ends - interval '1 microsecond') AT TIME ZONE ${timeZone}),
        interval '1 day') AS day
    )
    SELECT day::text AS day, count(DISTINCT customer_id)::int AS users,
           coalesce(sum(octets * CASE WHEN ended_at <= started_at THEN 1 ELSE
             extract(epoch FROM least(ended_at, day_ends) - greatest(started_at, day_starts))
               / extract(epoch FROM ended_at - started_at) END), 0)::bigint AS octets
    FROM part GROUP BY day ORDER BY day`;
}

/** Money that came in and was not given back; what is paid from a wallet came in when the wallet was filled. */
export async function countRevenue(tx: Tx, { timeZone, from, to }: DaySpan): Promise<RevenueOfDay[]> {
  return tx.$queryRaw<RevenueOfDay[]>`
    -- Day by day, each from a part of one index: the days are not sorted out of all payments.
    SELECT days.day::date::text AS day, of_day.*
    FROM generate_series(${from}::date::timestamp, ${to}::date::timestamp - interval '1 day', interval '1 day') AS days(day),
    LATERAL (
      SELECT currency, coalesce(sum(paid_minor), 0)::bigint AS "revenueMinor", count(*)::int AS payments
      FROM payment
      WHERE settled_at >= days.day AT TIME ZONE ${timeZone}
        AND settled_at < (days.day + interval '1 day') AT TIME ZONE ${timeZone}
        AND state = 'succeeded' AND refunded_at IS NULL AND provider <> 'wallet'
      GROUP BY currency
    ) AS of_day
    ORDER BY 1, 2`;
}

/** The first day that anything happened on; undefined: nothing ever did. */
export async function findFirstDay(tx: Tx, timeZone: string): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ day: string | null }[]>`
    SELECT (least(
      (SELECT min(first) FROM unnest(enum_range(NULL::"SessionState")) AS each(state),
        LATERAL (SELECT min(started_at) AS first FROM session WHERE session.state = each.state) AS oldest),
      (SELECT min(settled_at) FROM payment)
    ) AT TIME ZONE ${timeZone})::date::text AS day`;
  return row?.day ?? undefined;
}

export interface KeptDays {
  /** The newest day that is kept; those before it are too, from the first that anything happened on. */
  readonly through: string;
  /** When the last of them was counted. */
  readonly computedAt: Date;
}

export async function findKeptDays(tx: Tx, timeZone: string): Promise<KeptDays | undefined> {
  const [row] = await tx.$queryRaw<{ through: string | null; computedAt: Date | null }[]>`
    SELECT max(day)::text AS through, max(computed_at) AS "computedAt" FROM daily_usage WHERE time_zone = ${timeZone}`;
  const { through, computedAt } = row ?? {};
  return typeof through === 'string' && computedAt instanceof Date ? { through, computedAt } : undefined;
}

/** Days before `before` of which money was given back since `since`. */
export async function findRefundedDays(tx: Tx, timeZone: string, since: Date, before: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ day: string }[]>`
    SELECT DISTINCT (settled_at AT TIME ZONE ${timeZone})::date::text AS day FROM payment
    WHERE refunded_at >= ${since} AND settled_at < ${before}::date::timestamp AT TIME ZONE ${timeZone}
    ORDER BY 1`;
  return rows.map(({ day }) => day);
}

/** Counts the days of the span and keeps what came of it, in place of what was kept before. */
export async function keepDays(tx: Tx, span: DaySpan, at: Date): Promise<void> {
  const { timeZone, from, to } = span;
  // Two workers that do it at once would both insert what neither saw.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('daily_figures'))`;
  const usage = new Map((await countUsage(tx, span)).map((row) => [row.day, row]));
  const revenue = await countRevenue(tx, span);
  const within = { timeZone, day: { gte: dateOf(from), lt: dateOf(to) } };
  await tx.dailyUsage.deleteMany({ where: within });
  await tx.dailyRevenue.deleteMany({ where: within });
  await tx.dailyUsage.createMany({
    data: daysOf(from, to).map((day) => {
      const { users, octets } = usage.get(day) ?? { users: 0, octets: 0n };
      return { timeZone, day: dateOf(day), users, octets, computedAt: at };
    }),
  });
  await tx.dailyRevenue.createMany({ data: revenue.map((row) => ({ ...row, timeZone, day: dateOf(row.day) })) });
}

export async function listKeptUsage(tx: Tx, { timeZone, from, to }: DaySpan): Promise<UsageOfDay[]> {
  const rows = await tx.dailyUsage.findMany({ where: { timeZone, day: { gte: dateOf(from), lt: dateOf(to) } } });
  return rows.map(({ day, users, octets }) => ({ day: textOf(day), users, octets }));
}

export async function listKeptRevenue(tx: Tx, { timeZone, from, to }: DaySpan): Promise<RevenueOfDay[]> {
  const rows = await tx.dailyRevenue.findMany({ where: { timeZone, day: { gte: dateOf(from), lt: dateOf(to) } } });
  return rows.map(({ day, currency, revenueMinor, payments }) => ({
    day: textOf(day),
    currency,
    revenueMinor,
    payments,
  }));
}

/** `YYYY-MM-DD` as a `date` column takes it. */
function dateOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function textOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Each day from `from` to before `to`. */
export function daysOf(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = dateOf(from); textOf(at) < to; at = new Date(at.getTime() + 86_400_000)) days.push(textOf(at));
  return days;
}
