import type { SessionView } from '@turnpike/contracts/sessions.js';
import { dayOf } from '../../kit/zoned-day.js';

/** Bytes of the sessions that began on a day; numbers, for drawing. */
export interface UsageDay {
  readonly day: string;
  readonly down: number;
  readonly up: number;
}

const DAY_MS = 86_400_000;
/** More bars than that are too thin to read. */
const MOST_DAYS = 60;

/** Every day from the oldest session to the newest, days without use too, so that gaps show as gaps. */
export function usageDays(sessions: readonly SessionView[], zone: string): UsageDay[] {
  const sums = new Map<string, { down: number; up: number }>();
  for (const { startedAt, inputOctets, outputOctets } of sessions) {
    const day = dayOf(new Date(startedAt), zone);
    const sum = sums.get(day) ?? { down: 0, up: 0 };
    sums.set(day, { down: sum.down + Number(outputOctets), up: sum.up + Number(inputOctets) });
  }
  const known = [...sums.keys()].sort();
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return [];
  return daysBetween(first, last)
    .slice(-MOST_DAYS)
    .map((day) => ({ day, ...(sums.get(day) ?? { down: 0, up: 0 }) }));
}

function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= Date.parse(`${last}T00:00:00Z`); at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}
