import { dayOf, endOfDay, startOfDay } from './zoned-day.js';

describe('days of a zone', () => {
  test('begins a day of Nairobi three hours before the one of Greenwich', () => {
    expect(startOfDay('2026-11-23', 'Africa/Nairobi')).toBe('2026-11-22T21:00:00.000Z');
    expect(endOfDay('2026-11-23', 'Africa/Nairobi')).toBe('2026-11-23T21:00:00.000Z');
    expect(dayOf(new Date('2026-11-22T21:00:00Z'), 'Africa/Nairobi')).toBe('2026-11-23');
    expect(dayOf(new Date('2026-11-22T20:59:59Z'), 'Africa/Nairobi')).toBe('2026-11-22');
  });

  test('gives the day of a clock change its 23 hours', () => {
    expect(startOfDay('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
    expect(endOfDay('2026-03-29', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
  });

  test('knows no instant of what is no day', () => {
    expect(startOfDay('yesterday', 'UTC')).toBeUndefined();
    expect(endOfDay('', 'UTC')).toBeUndefined();
  });
});
