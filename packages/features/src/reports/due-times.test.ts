import { dueAfter, periodBefore } from './due-times.js';
import { instantOf } from './local-time.js';
import { addMonths, monthsOf } from './report-range.js';

const NAIROBI = 'Africa/Nairobi';
const due = (at: string, every: 'day' | 'week' | 'month', atHour = 7, timeZone = NAIROBI) =>
  dueAfter(new Date(at), { every, atHour, timeZone }).toISOString();

describe('the next due time', () => {
  test('is the hour of the time zone, today or tomorrow, and never the moment itself', () => {
    expect(due('2026-03-01T03:59:59.999Z', 'day')).toBe('2026-03-01T04:00:00.000Z');
    expect(due('2026-03-01T04:00:00.000Z', 'day')).toBe('2026-03-02T04:00:00.000Z');
    expect(due('2026-03-01T21:30:00.000Z', 'day')).toBe('2026-03-02T04:00:00.000Z');
    expect(due('2026-12-31T20:59:59.999Z', 'day', 0)).toBe('2026-12-31T21:00:00.000Z');
  });

  test('is a Monday for weeks and the first for months, over the ends of months and years', () => {
    expect(due('2026-03-01T12:00:00.000Z', 'week')).toBe('2026-03-02T04:00:00.000Z');
    expect(due('2026-03-02T04:00:00.000Z', 'week')).toBe('2026-03-09T04:00:00.000Z');
    expect(due('2026-01-31T12:00:00.000Z', 'month')).toBe('2026-02-01T04:00:00.000Z');
    expect(due('2026-12-01T04:00:00.000Z', 'month')).toBe('2027-01-01T04:00:00.000Z');
  });

  test('keeps its hour where clocks are changed, and takes the next one where it is left out', () => {
    expect(due('2026-03-28T12:00:00.000Z', 'day', 7, 'Europe/Berlin')).toBe('2026-03-29T05:00:00.000Z');
    expect(due('2026-10-24T12:00:00.000Z', 'day', 7, 'Europe/Berlin')).toBe('2026-10-25T06:00:00.000Z');
    expect(instantOf('2026-03-29', 2, 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:00:00.000Z');
  });
});

test('a report is about the day, week or month before, half-open', () => {
  const before = (at: string, every: 'day' | 'week' | 'month') =>
    periodBefore(new Date(at), { every, timeZone: NAIROBI });
  expect(before('2026-03-01T04:00:00Z', 'day')).toEqual({ from: '2026-02-28', to: '2026-03-01' });
  expect(before('2026-03-02T04:00:00Z', 'week')).toEqual({ from: '2026-02-23', to: '2026-03-02' });
  expect(before('2028-03-01T04:00:00Z', 'month')).toEqual({ from: '2028-02-01', to: '2028-03-01' });
  // Midnight of Nairobi is the evening before in UTC.
  expect(before('2026-02-28T21:00:00Z', 'month')).toEqual({ from: '2026-02-01', to: '2026-03-01' });
});

test('months of a range are those that have a day in it', () => {
  expect(monthsOf({ from: '2025-12-31', to: '2026-02-01' })).toEqual(['2025-12', '2026-01']);
  expect(monthsOf({ from: '2025-12-31', to: '2026-02-02' })).toEqual(['2025-12', '2026-01', '2026-02']);
  expect(addMonths('2026-01', -1)).toBe('2025-12');
});
