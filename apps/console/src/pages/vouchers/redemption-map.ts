import type { BatchRedemptions } from '@turnpike/contracts/vouchers.js';

export const HOURS = 24;
export const DAYS = 7;

export interface RedemptionMap {
  /** The fullest hour. */
  readonly most: number;
  /** By day of the week (Monday first), then hour. */
  readonly hours: readonly (readonly number[])[];
}

/** The hours of the week with what was redeemed in each, empty ones too. */
export function redemptionMap(byHour: BatchRedemptions['byHour']): RedemptionMap {
  const hours = Array.from({ length: DAYS }, () => Array.from({ length: HOURS }, () => 0));
  for (const { weekday, hour, redeemed } of byHour) {
    const row = hours[weekday - 1];
    if (row !== undefined) row[hour] = (row[hour] ?? 0) + redeemed;
  }
  return { most: Math.max(0, ...hours.flat()), hours };
}

/** Part of the fullest place, 0 to 100. */
export function shareOf(redeemed: number, places: readonly { readonly redeemed: number }[]): number {
  const most = Math.max(0, ...places.map((place) => place.redeemed));
  return most === 0 ? 0 : (redeemed * 100) / most;
}
