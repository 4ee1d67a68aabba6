import type { ReportPeriod } from '@turnpike/contracts/report-schedules.js';
import { addDays, localDay, periodStarts } from '../dashboard/local-day.js';
import { instantOf } from './local-time.js';
import { addMonths } from './report-range.js';

export interface DueTimes {
  readonly every: ReportPeriod;
  readonly atHour: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** The first time after `at` at which it is due: every day, Mondays, or firsts of a month. */
export function dueAfter(at: Date, { every, atHour, timeZone }: DueTimes): Date {
  let day = periodStart(localDay(at, timeZone), every);
  for (;;) {
    const due = instantOf(day, atHour, timeZone);
    if (due > at) return due;
    day = nextPeriod(day, every);
  }
}

/** What a report that is due at this time is about: the day, week or month before, half-open. */
export function periodBefore(due: Date, { every, timeZone }: Omit<DueTimes, 'atHour'>): { from: string; to: string } {
  const to = periodStart(localDay(due, timeZone), every);
  return { from: periodStart(addDays(to, -1), every), to };
}

function periodStart(day: string, every: ReportPeriod): string {
  const { week, month } = periodStarts(day);
  return every === 'day' ? day : every === 'week' ? week : month;
}

function nextPeriod(start: string, every: ReportPeriod): string {
  if (every === 'month') return `${addMonths(start.slice(0, 7), 1)}-01`;
  return addDays(start, every === 'day' ? 1 : 7);
}
