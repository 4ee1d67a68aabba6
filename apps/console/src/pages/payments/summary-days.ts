import type { PaymentSummary } from '@turnpike/contracts/payments.js';

export interface DayCounts {
  readonly day: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly review: number;
  readonly open: number;
}

/** Begun, and neither paid, failed nor with a person. */
export function openOf(counts: { attempts: number; succeeded: number; failed: number; review: number }): number {
  return counts.attempts - counts.succeeded - counts.failed - counts.review;
}

/** The last `length` days until `last` (`2026-11-23`), also those without a payment, of one currency. */
export function daysOf(summary: PaymentSummary, currency: string, last: string, length: number): DayCounts[] {
  const known = new Map(summary.days.filter((row) => row.currency === currency).map((row) => [row.day, row] as const));
  return Array.from({ length }, (_, index) => {
    const day = dayBefore(last, length - 1 - index);
    const row = known.get(day);
    if (row === undefined) return { day, succeeded: 0, failed: 0, review: 0, open: 0 };
    return { day, succeeded: row.succeeded, failed: row.failed, review: row.review, open: openOf(row) };
  });
}

function dayBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}
