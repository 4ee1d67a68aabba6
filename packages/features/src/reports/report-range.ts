import { MAX_REPORT_DAYS } from '@turnpike/contracts/reports.js';
import { invalidField } from '@turnpike/core/app-error.js';
import { addDays } from '../dashboard/local-day.js';

/** Days of a time zone from `from` to before `to`, `YYYY-MM-DD`. */
export interface ReportRange {
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
}

const USUAL_DAYS = 30;
const DAY_MS = 86_400_000;

/** The range that was asked for; what was left out: the last 30 days, `today` included. */
export function rangeOf(asked: { from?: string | undefined; to?: string | undefined }, today: string) {
  const to = asked.to ?? latest(addDays(today, 1), addDays(asked.from ?? today, 1));
  const from = asked.from ?? addDays(to, -USUAL_DAYS);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days <= 0) throw invalidField('query.to', 'must be a later day than from: it is the day after the last one');
  if (days > MAX_REPORT_DAYS) {
    throw invalidField('query.from', `must be at most ${MAX_REPORT_DAYS} days before to: ask for the time in parts`);
  }
  return { from, to };
}

/** Each day of the range. */
export function daysOf({ from, to }: Pick<ReportRange, 'from' | 'to'>): string[] {
  const days: string[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** `YYYY-MM` of each month that has a day in the range. */
export function monthsOf({ from, to }: Pick<ReportRange, 'from' | 'to'>): string[] {
  const last = addDays(to, -1).slice(0, 7);
  const months: string[] = [];
  for (let month = from.slice(0, 7); month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** `YYYY-MM`, so many months later. */
export function addMonths(month: string, count: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + count);
  return date.toISOString().slice(0, 7);
}

function latest(one: string, other: string): string {
  return one > other ? one : other;
}
