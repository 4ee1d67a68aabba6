import type { UsageOfDay } from '@turnpike/contracts/sessions.js';

/** Bytes of a day; numbers, for drawing. */
export interface UsageDay {
  readonly day: string;
  readonly down: number;
  readonly up: number;
}

export const usageRanges = ['7', '30', '90'] as const;
export type UsageRange = (typeof usageRanges)[number];

const DAY_MS = 86_400_000;

/** What the customer got is down, what they sent is up. */
export function usageDays(days: readonly UsageOfDay[]): UsageDay[] {
  return days.map(({ day, inputOctets, outputOctets }) => ({
    day,
    down: Number(outputOctets),
    up: Number(inputOctets),
  }));
}

/** First and last of so many days, `today` being the last. */
export function rangeOf(range: UsageRange, today: string): { from: string; to: string } {
  const first = Date.parse(`${today}T00:00:00Z`) - (Number(range) - 1) * DAY_MS;
  return { from: new Date(first).toISOString().slice(0, 10), to: today };
}
