import type { DashboardSeries } from '@turnpike/contracts/dashboard.js';
import { hasAny, seriesOf, sumOf, yesterdayOf } from './series.js';

const points: DashboardSeries['points'] = [
  { day: '2026-11-22', revenueMinor: 5_000, payments: 1, users: 2, octets: '9007199254740993' },
  { day: '2026-11-23', revenueMinor: 0, payments: 0, users: 0, octets: '0' },
];

describe('what a day brought', () => {
  test('is drawn under its day as people write it', () => {
    expect(seriesOf(points, 'users', 'en-GB')).toEqual([
      { day: '22 Nov', value: 2 },
      { day: '23 Nov', value: 0 },
    ]);
  });

  test('is summed without losing a byte', () => {
    expect(sumOf(points, 'octets')).toBe(9_007_199_254_740_993n);
    expect(sumOf(points, 'revenueMinor')).toBe(5_000n);
  });

  test('yesterday is the last whole day, and there may be none', () => {
    expect(yesterdayOf(points)?.day).toBe('2026-11-22');
    expect(yesterdayOf(points.slice(1))).toBeUndefined();
  });

  test('days without anything are not worth a drawing', () => {
    expect(hasAny(seriesOf(points.slice(1), 'users', 'en'))).toBe(false);
    expect(hasAny(seriesOf(points, 'users', 'en'))).toBe(true);
  });
});
