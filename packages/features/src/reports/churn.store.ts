import type { Tx } from '@turnpike/db/database.js';

export interface BuyersOfMonth {
  /** `YYYY-MM` */
  readonly month: string;
  readonly customers: number;
  readonly firstTime: number;
  readonly cameBack: number;
  /** Of these, who did not buy in the month after. */
  readonly leftAfter: number;
  readonly revenueMinor: bigint;
}

export interface CohortMonth {
  /** Of the first purchase. */
  readonly first: string;
  readonly month: string;
  readonly customers: number;
}

export interface Churn {
  readonly months: readonly BuyersOfMonth[];
  readonly cohorts: readonly CohortMonth[];
}

interface Asked {
  readonly timeZone: string;
  readonly currency: string;
  /** First month that is told of, `YYYY-MM`. */
  readonly from: string;
}

/** Currencies that packages were paid in, the one with most payments first. */
export async function listPaidCurrencies(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ currency: string }[]>`
    SELECT currency FROM payment
    WHERE state = 'succeeded' AND refunded_at IS NULL AND purpose = 'package' AND customer_id IS NOT NULL
    GROUP BY 1 ORDER BY count(*) DESC, 1`;
  return rows.map(({ currency }) => currency);
}

/**
 * Who bought in which month. Whether a purchase was the first is only known from all there ever were: they are read from the
 * index `payment_bought` alone, in the order of their customers.
 */
export async function countBuyers(tx: Tx, { timeZone, currency, from }: Asked): Promise<Churn> {
  const [row] = await tx.$queryRaw<{ months: RawMonth[] | null; cohorts: CohortMonth[] | null }[]>`
    WITH bought AS (
      SELECT customer_id, date_trunc('month', settled_at AT TIME ZONE ${timeZone}) AS month, sum(paid_minor) AS minor
      FROM payment
      WHERE state = 'succeeded' AND refunded_at IS NULL AND purpose = 'package' AND customer_id IS NOT NULL
        AND currency = ${currency}
      GROUP BY 1, 2
    ), placed AS (
      SELECT month, minor, lag(month) OVER mine AS before, lead(month) OVER mine AS after,
             first_value(month) OVER mine AS first
      FROM bought WINDOW mine AS (PARTITION BY customer_id ORDER BY month)
    ), months AS (
      SELECT to_char(month, 'YYYY-MM') AS month, count(*)::int AS customers,
             (count(*) FILTER (WHERE before IS NULL))::int AS "firstTime",
             (count(*) FILTER (WHERE before < month - interval '1 month'))::int AS "cameBack",
             (count(*) FILTER (WHERE after IS NULL OR after > month + interval '1 month'))::int AS "leftAfter",
             sum(minor)::text AS "revenueMinor"
      FROM placed WHERE month >= ${`${from}-01`}::date - interval '1 month' GROUP BY placed.month
    ), cohorts AS (
      SELECT to_char(first, 'YYYY-MM') AS first, to_char(month, 'YYYY-MM') AS month, count(*)::int AS customers
      FROM placed WHERE first >= ${`${from}-01`}::date GROUP BY placed.first, placed.month
    )
    SELECT (SELECT json_agg(months) FROM months) AS months, (SELECT json_agg(cohorts) FROM cohorts) AS cohorts`;
  const { months, cohorts } = row ?? {};
  return {
    months: (months ?? []).map((each) => ({ ...each, revenueMinor: BigInt(each.revenueMinor) })),
    cohorts: cohorts ?? [],
  };
}

type RawMonth = Omit<BuyersOfMonth, 'revenueMinor'> & { readonly revenueMinor: string };
