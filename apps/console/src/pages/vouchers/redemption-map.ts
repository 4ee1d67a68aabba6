import type { VoucherView } from '@turnpike/contracts/vouchers.js';
import { dayOf } from '../../kit/zoned-day.js';
import { weekTimeOf } from '../../kit/zoned-time.js';

export const HOURS = 24;
export const DAYS = 7;

export interface RedemptionMap {
  /** How many codes were counted. */
  readonly total: number;
  /** The fullest hour. */
  readonly most: number;
  /** By day of the week (Monday first), then hour. */
  readonly hours: readonly (readonly number[])[];
  /** By calendar day, oldest first; days without any are left out. */
  readonly days: readonly { readonly day: string; readonly count: number }[];
}

/** When codes were redeemed, on the clocks of a zone. */
export function redemptionMap(vouchers: readonly Pick<VoucherView, 'redeemedAt'>[], zone: string): RedemptionMap {
  const hours = Array.from({ length: DAYS }, () => Array.from({ length: HOURS }, () => 0));
  const days = new Map<string, number>();
  let total = 0;
  for (const { redeemedAt } of vouchers) {
    if (redeemedAt === null) continue;
    const { day, hour } = weekTimeOf(redeemedAt, zone);
    const row = hours[day - 1];
    if (row !== undefined) row[hour] = (row[hour] ?? 0) + 1;
    const date = dayOf(new Date(redeemedAt), zone);
    days.set(date, (days.get(date) ?? 0) + 1);
    total += 1;
  }
  return {
    total,
    most: Math.max(0, ...hours.flat()),
    hours,
    days: [...days].map(([day, count]) => ({ day, count })).sort((a, b) => a.day.localeCompare(b.day)),
  };
}
