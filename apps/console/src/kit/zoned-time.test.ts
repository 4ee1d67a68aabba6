import { instantOfLocal, localTimeOf } from './zoned-time.js';

describe('clocks of a zone in fields', () => {
  test('shows an instant as the clocks there do, and reads the same instant back', () => {
    expect(localTimeOf('2026-11-23T05:30:00.000Z', 'Africa/Nairobi')).toBe('2026-11-23T08:30');
    expect(instantOfLocal('2026-11-23T08:30', 'Africa/Nairobi')).toBe('2026-11-23T05:30:00.000Z');
    expect(localTimeOf(null, 'Africa/Nairobi')).toBe('');
  });

  test('reads a time after a clock change with the offset that holds then', () => {
    expect(instantOfLocal('2026-03-29T04:00', 'Europe/Berlin')).toBe('2026-03-29T02:00:00.000Z');
    expect(instantOfLocal('2026-03-29T01:00', 'Europe/Berlin')).toBe('2026-03-29T00:00:00.000Z');
  });

  test('tells an empty field from a time', () => {
    expect(instantOfLocal('', 'UTC')).toBeUndefined();
  });
});
