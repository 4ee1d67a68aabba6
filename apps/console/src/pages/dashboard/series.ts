import type { DashboardSeries } from '@turnpike/contracts/dashboard.js';

export interface SeriesPoint {
  readonly day: string;
  readonly value: number;
}

export type SeriesName = 'revenueMinor' | 'users' | 'octets';
type Points = DashboardSeries['points'];

/** One series, its days written for people. Bytes lose what a number cannot hold, which no one sees in a drawing. */
export function seriesOf(points: Points, name: SeriesName, language: string): readonly SeriesPoint[] {
  const text = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return points.map((point) => ({ day: text.format(new Date(point.day)), value: Number(point[name]) }));
}

export function hasAny(series: readonly SeriesPoint[]): boolean {
  return series.some(({ value }) => value > 0);
}

/** Sum over the days; of bytes it is exact. */
export function sumOf(points: Points, name: 'revenueMinor' | 'octets'): bigint {
  return points.reduce((sum, point) => sum + BigInt(point[name]), 0n);
}

/** What came in on the last whole day; undefined when the series does not go so far. */
export function yesterdayOf(points: Points): Points[number] | undefined {
  return points.at(-2);
}
