import { queryOf, rangeOfSpan, spanOf } from './report-range.js';

test('spans end today or with the month before, over the ends of months and years', () => {
  expect(rangeOfSpan('7', '2026-03-03')).toEqual({ from: '2026-02-25', to: '2026-03-03' });
  expect(rangeOfSpan('30', '2026-01-15')).toEqual({ from: '2025-12-17', to: '2026-01-15' });
  expect(rangeOfSpan('thisMonth', '2026-03-01')).toEqual({ from: '2026-03-01', to: '2026-03-01' });
  expect(rangeOfSpan('lastMonth', '2026-01-31')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
  expect(rangeOfSpan('lastMonth', '2028-03-31')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
});

test('a range is known again as its span', () => {
  expect(spanOf({ from: '2026-02-25', to: '2026-03-03' }, '2026-03-03')).toBe('7');
  expect(spanOf({ from: '2026-02-25', to: '2026-03-02' }, '2026-03-03')).toBeUndefined();
});

test('the API gets the day after the last one, and no range that it refuses', () => {
  expect(queryOf({ from: '2026-02-28', to: '2026-02-28' })).toEqual({ from: '2026-02-28', to: '2026-03-01' });
  expect(queryOf({ from: '2026-03-01', to: '2026-02-28' })).toBeUndefined();
  expect(queryOf({ from: '2025-01-01', to: '2026-02-05' })).toBeUndefined();
  expect(queryOf({ from: '', to: '2026-02-05' })).toBeUndefined();
});
