import { addDays } from './local-day.js';

/** Days by the clock of a time zone, `YYYY-MM-DD`: from the first one on, without `to`. */
export interface DaySpan {
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
}

/** The same days in pieces of `length` days, oldest first. */
export function daySpans({ timeZone, from: first, to: last }: DaySpan, length: number): DaySpan[] {
  const spans: DaySpan[] = [];
  for (let from = first; from < last; from = addDays(from, length)) {
    const end = addDays(from, length);
    spans.push({ timeZone, from, to: end < last ? end : last });
  }
  return spans;
}
