import type { Clock } from '@turnpike/core/clock.js';
import type { Database } from '@turnpike/db/database.js';
import {
  countRevenue,
  countUsage,
  findFirstDay,
  findKeptDays,
  findRefundedDays,
  keepDays,
  listKeptRevenue,
  listKeptUsage,
  type RevenueOfDay,
  type UsageOfDay,
} from './daily-figures.store.js';
import { daySpans, type DaySpan } from './day-spans.js';
import { addDays, localDay } from './local-day.js';

interface Deps extends Pick<Database, 'db' | 'transact'> {
  readonly clock: Clock;
  /** IANA name as set up now. */
  readonly timeZone: () => string;
}

/** Days that are counted in one statement: some hundred thousand sessions of a large network. */
const CHUNK = 14;
/** Accounting of a day may come until two days later. */
const COUNTED_AGAIN = 2;
/** A transaction that commits late may carry a time from before the last run. */
const OVERLAP_MS = 600_000;

/**
 * Job `figures.keep`: keeps the figures of the days that are over, oldest first, so that what is kept has no gaps; counts the
 * newest of them again, and those of which money was given back since. Ends between two chunks when `signal` aborts; the next
 * run goes on there.
 */
export function createFigureKeeper({ db, transact, clock, timeZone: currentZone }: Deps) {
  return async (signal: AbortSignal): Promise<{ days: number }> => {
    const timeZone = currentZone();
    const now = clock.now();
    const today = localDay(now, timeZone);
    const kept = await findKeptDays(db, timeZone);
    const first = kept === undefined ? await findFirstDay(db, timeZone) : addDays(kept.through, 1 - COUNTED_AGAIN);
    const since = kept === undefined ? now : new Date(kept.computedAt.getTime() - OVERLAP_MS);
    const refunded = (await findRefundedDays(db, timeZone, since, today)).filter((day) => day < (first ?? today));
    const spans = [
      ...refunded.map((day) => ({ timeZone, from: day, to: addDays(day, 1) })),
      ...(first === undefined ? [] : daySpans({ timeZone, from: first, to: today }, CHUNK)),
    ];
    let days = 0;
    for (const span of spans) {
      if (signal.aborted) break;
      await transact((tx) => keepDays(tx, span, now));
      days += 1;
    }
    return { days };
  };
}

export interface DailyFigures {
  readonly usage: Map<string, UsageOfDay>;
  readonly revenue: readonly RevenueOfDay[];
}

interface Wanted {
  readonly usage: boolean;
}

/** The figures of the days from `from` through today: kept ones where there are, the rest counted now. */
export async function readDailyFigures(
  { db, clock, timeZone }: Pick<Deps, 'db' | 'clock'> & Pick<DaySpan, 'timeZone'>,
  from: string,
  wanted: Wanted = { usage: true },
): Promise<DailyFigures> {
  const tomorrow = addDays(localDay(clock.now(), timeZone), 1);
  const kept = await findKeptDays(db, timeZone);
  const open = kept === undefined ? from : later(addDays(kept.through, 1), from);
  const [before, now] = [
    { timeZone, from, to: open },
    { timeZone, from: open, to: tomorrow },
  ];
  const usage = wanted.usage ? [...(await listKeptUsage(db, before)), ...(await countUsage(db, now))] : [];
  const revenue = [...(await listKeptRevenue(db, before)), ...(await countRevenue(db, now))];
  return { usage: new Map(usage.map((row) => [row.day, row])), revenue };
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}
