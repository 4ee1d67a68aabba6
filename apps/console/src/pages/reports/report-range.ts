import { MAX_REPORT_DAYS } from '@turnpike/contracts/reports.js';

/** First and last day, both included, as people name them. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;

export const spans = ['7', '30', 'thisMonth', 'lastMonth'] as const;
export type Span = (typeof spans)[number];

export function rangeOfSpan(span: Span, today: string): DayRange {
  const month = `${today.slice(0, 7)}-01`;
  switch (span) {
    case '7':
    case '30':
      return { from: addDays(today, 1 - Number(span)), to: today };
    case 'thisMonth':
      return { from: month, to: today };
    case 'lastMonth': {
      const last = addDays(month, -1);
      return { from: `${last.slice(0, 7)}-01`, to: last };
    }
  }
}

/** Which span a range is; undefined: none of them. */
export function spanOf(range: DayRange, today: string): Span | undefined {
  return spans.find((span) => {
    const { from, to } = rangeOfSpan(span, today);
    return from === range.from && to === range.to;
  });
}

/** What the API takes, which leaves the last day out; undefined: it would refuse it. */
export function queryOf({ from, to }: DayRange): { from: string; to: string } | undefined {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return days >= 1 && days <= MAX_REPORT_DAYS ? { from, to: addDays(to, 1) } : undefined;
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}
