import fc from 'fast-check';
import { isWithinSchedule, secondsUntilClosed, type ScheduleWindow } from './schedule.js';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const NAIROBI = 'Africa/Nairobi';
const at = (text: string): Date => new Date(text);
const window = (days: number[], from: string, to: string): ScheduleWindow => ({ days, from, to });

describe('schedules', () => {
  test('no schedule is always open and never closes; an empty one is never open', () => {
    expect(isWithinSchedule(null, NAIROBI, at('2026-06-01T12:00:00Z'))).toBe(true);
    expect(secondsUntilClosed(null, NAIROBI, at('2026-06-01T12:00:00Z'))).toBeNull();
    expect(isWithinSchedule([], NAIROBI, at('2026-06-01T12:00:00Z'))).toBe(false);
    expect(secondsUntilClosed([], NAIROBI, at('2026-06-01T12:00:00Z'))).toBe(0);
  });

  test('a window is open from its first minute up to, not with, its last, on its days and in its zone', () => {
    const monday = [window([1], '08:00', '17:30')];
    // 2026-06-01 is a Monday; Nairobi is three hours ahead.
    expect(isWithinSchedule(monday, NAIROBI, at('2026-06-01T04:59:59.999Z'))).toBe(false);
    expect(isWithinSchedule(monday, NAIROBI, at('2026-06-01T05:00:00.000Z'))).toBe(true);
    expect(isWithinSchedule(monday, NAIROBI, at('2026-06-01T14:29:59.999Z'))).toBe(true);
    expect(isWithinSchedule(monday, NAIROBI, at('2026-06-01T14:30:00.000Z'))).toBe(false);
    expect(isWithinSchedule(monday, NAIROBI, at('2026-06-02T10:00:00.000Z'))).toBe(false);
    expect(secondsUntilClosed(monday, NAIROBI, at('2026-06-01T14:29:00.000Z'))).toBe(60);
    expect(secondsUntilClosed(monday, NAIROBI, at('2026-06-01T14:29:59.500Z'))).toBe(0);
    expect(secondsUntilClosed(monday, NAIROBI, at('2026-06-01T15:00:00.000Z'))).toBe(0);
  });

  test('a window whose end comes before its beginning runs over midnight, also from Sunday to Monday', () => {
    const nights = [window([7], '22:00', '06:00')];
    expect(isWithinSchedule(nights, 'UTC', at('2026-06-07T23:00:00Z'))).toBe(true);
    expect(isWithinSchedule(nights, 'UTC', at('2026-06-08T05:59:00Z'))).toBe(true);
    expect(isWithinSchedule(nights, 'UTC', at('2026-06-08T06:00:00Z'))).toBe(false);
    expect(isWithinSchedule(nights, 'UTC', at('2026-06-07T05:00:00Z'))).toBe(false);
    expect(secondsUntilClosed(nights, 'UTC', at('2026-06-07T23:00:00Z'))).toBe(7 * 3_600);
  });

  test('windows that touch or overlap are one; a whole week never closes', () => {
    const weekend = [window([6], '00:00', '24:00'), window([7], '00:00', '12:00'), window([7], '11:00', '13:00')];
    expect(secondsUntilClosed(weekend, 'UTC', at('2026-06-06T00:00:00Z'))).toBe(37 * 3_600);
    expect(secondsUntilClosed([window(EVERY_DAY, '00:00', '24:00')], 'UTC', at('2026-06-06T10:00:00Z'))).toBeNull();
    expect(secondsUntilClosed([window(EVERY_DAY, '09:00', '09:00')], 'UTC', at('2026-06-06T10:00:00Z'))).toBeNull();
  });

  test('a lost hour closes earlier, a doubled hour later, as the wall clock goes', () => {
    // Berlin: 02:00 -> 03:00 on 2026-03-29, 03:00 -> 02:00 on 2026-10-25.
    const berlin = (windows: ScheduleWindow[], from: string) => secondsUntilClosed(windows, 'Europe/Berlin', at(from));
    const untilFour = [window(EVERY_DAY, '00:00', '04:00')];
    expect(berlin(untilFour, '2026-03-28T23:00:00Z')).toBe(3 * 3_600);
    expect(berlin(untilFour, '2026-10-24T22:00:00Z')).toBe(5 * 3_600);
    expect(berlin([window(EVERY_DAY, '00:00', '02:30')], '2026-03-28T23:00:00Z')).toBe(2 * 3_600);
    expect(berlin([window(EVERY_DAY, '00:00', '03:00')], '2026-10-24T22:00:00Z')).toBe(4 * 3_600);
  });

  test('an unknown time zone is refused', () => {
    expect(() => isWithinSchedule([], 'Africa/Atlantis', at('2026-06-01T12:00:00Z'))).toThrow(RangeError);
  });

  test('whatever the windows, it is open until the second told and closed at the end of the last one', () => {
    const time = fc.integer({ min: 0, max: 1_439 }).map((minute) => clockOf(minute));
    const windows = fc.array(
      fc.record({ days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), from: time, to: time }),
      { maxLength: 4 },
    );
    const zone = fc.constantFrom(NAIROBI, 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe');
    const instant = fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z'), noInvalidDate: true });
    const aSecondBefore = at('2027-12-30T23:59:59Z');
    fc.assert(
      fc.property(windows, zone, instant, (some, timeZone, now) => {
        const seconds = secondsUntilClosed(some, timeZone, now);
        const later = (ms: number) => isWithinSchedule(some, timeZone, new Date(now.getTime() + ms));
        // What is closed may open the next moment.
        if (!later(0)) return seconds === 0;
        if (seconds === null) return true;
        if (seconds === 0) return !later(1_000);
        return later(seconds * 500) && later(seconds * 1_000 - 1_000) && !later((seconds + 1) * 1_000);
      }),
      { numRuns: 1_000, examples: [[[window([4, 1], '20:30', '00:00')], 'America/St_Johns', aSecondBefore]] },
    );
  });
});

function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
