import type { Clock } from '@turnpike/core/clock.js';
import type { Database } from '@turnpike/db/database.js';
import { daySpans } from '../dashboard/day-spans.js';
import { addDays, localDay } from '../dashboard/local-day.js';
import { findFirstEntryDay, findSoldThrough, forgetOtherZones, keepSoldDays } from './sold-days.store.js';

interface Deps extends Pick<Database, 'db' | 'transact'> {
  readonly clock: Clock;
  /** IANA name as set up now. */
  readonly timeZone: () => string;
}

/** Days that are read in one statement: some hundred thousand entries of a large network. */
const CHUNK = 5;
/** An entry has the time at which its transaction began, and none takes that long: the day is whole then. */
const SETTLED_MS = 900_000;
const FORGOTTEN_AT_ONCE = 100_000;

/**
 * Part of the job `figures.keep`: keeps what was sold on the days that are over, oldest first, so that what is kept has no gaps.
 * Ends between two chunks when `signal` aborts; the next run goes on there.
 */
export function createSoldKeeper({ db, transact, clock, timeZone: currentZone }: Deps) {
  return async (signal: AbortSignal): Promise<void> => {
    const timeZone = currentZone();
    const today = localDay(new Date(clock.now().getTime() - SETTLED_MS), timeZone);
    await transact((tx) => forgetOtherZones(tx, timeZone, FORGOTTEN_AT_ONCE));
    const through = await findSoldThrough(db, timeZone);
    const from = through === undefined ? await findFirstEntryDay(db, timeZone) : addDays(through, 1);
    if (from === undefined) return;
    for (const span of daySpans({ timeZone, from, to: today }, CHUNK)) {
      if (signal.aborted) return;
      await transact((tx) => keepSoldDays(tx, span));
    }
  };
}
