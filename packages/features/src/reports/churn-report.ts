import type { ChurnReport } from '@turnpike/contracts/reports.js';
import type { BuyersOfMonth, Churn } from './churn.store.js';
import { addMonths } from './report-range.js';
import { halfUp } from './tax-sum.js';

type Month = ChurnReport['months'][number];

interface Shown {
  /** First and last month, `YYYY-MM`. */
  readonly from: string;
  readonly to: string;
}

/** Every month from the first to the last, also those in which nobody bought. */
export function churnMonths({ months }: Churn, { from, to }: Shown): Month[] {
  const of = new Map(months.map((row) => [row.month, row]));
  return monthsFrom(from, to).map((month) => {
    const before = of.get(addMonths(month, -1)) ?? nobody(month);
    const { customers, firstTime, cameBack, revenueMinor } = of.get(month) ?? nobody(month);
    return {
      month,
      isComplete: month < to,
      customers,
      firstTime,
      cameBack,
      lost: before.leftAfter,
      churnBasisPoints: before.customers === 0 ? null : share(before.leftAfter, before.customers),
      revenueMinor: Number(revenueMinor),
      perCustomerMinor: customers === 0 ? null : Number(halfUp(revenueMinor, BigInt(customers))),
    };
  });
}

/** One row for each month in which somebody bought for the first time. */
export function churnCohorts({ cohorts }: Churn, { from, to }: Shown): ChurnReport['cohorts'] {
  const counts = new Map(cohorts.map(({ first, month, customers }) => [`${first} ${month}`, customers]));
  return monthsFrom(from, to).flatMap((first) => {
    const customers = counts.get(`${first} ${first}`);
    if (customers === undefined) return [];
    const bought = monthsFrom(first, to).map((month) => counts.get(`${first} ${month}`) ?? 0);
    return [{ month: first, customers, bought }];
  });
}

function monthsFrom(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month);
  return months;
}

function nobody(month: string): BuyersOfMonth {
  return { month, customers: 0, firstTime: 0, cameBack: 0, leftAfter: 0, revenueMinor: 0n };
}

function share(part: number, whole: number): number {
  return Number(halfUp(10_000n * BigInt(part), BigInt(whole)));
}
