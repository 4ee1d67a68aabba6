import { RFC5080_RETRY, checkRetrySchedule, nextWaitMs, type RetrySchedule } from './retry-schedule.js';

/** The waits of `count` transmissions when every draw gives `random`. */
function waits(schedule: RetrySchedule, count: number, random: number): number[] {
  const list: number[] = [];
  while (list.length < count) list.push(nextWaitMs(schedule, list.at(-1), random));
  return list.map(Math.round);
}

test('doubles from 2 s to 16 s and stays there', () => {
  expect(waits(RFC5080_RETRY, 6, 0.5)).toEqual([2_000, 4_000, 8_000, 16_000, 16_000, 16_000]);
});

test('varies every wait by a tenth, on top of the one before, as RFC 5080 says', () => {
  expect(waits(RFC5080_RETRY, 5, 0)).toEqual([1_800, 3_420, 6_498, 12_346, 14_400]);
  expect(waits(RFC5080_RETRY, 5, 1)).toEqual([2_200, 4_620, 9_702, 17_600, 17_600]);
});

test('keeps equal waits around the first one, however many there are', () => {
  const equal: RetrySchedule = { firstMs: 1_000, factor: 1, maxMs: 1_000, tries: 50, jitter: 0.1 };
  expect(new Set(waits(equal, 50, 0))).toEqual(new Set([900]));
  expect(new Set(waits(equal, 50, 1))).toEqual(new Set([1_100]));
});

test.each<[string, Partial<RetrySchedule>]>([
  ['no first wait', { firstMs: 0 }],
  ['a longest wait below the first', { maxMs: 1_999 }],
  ['waits that shrink', { factor: 0.5 }],
  ['no tries', { tries: 0 }],
  ['half a try', { tries: 1.5 }],
  ['jitter that may take the whole wait', { jitter: 1 }],
  ['NaN', { firstMs: Number.NaN }],
])('refuses %s', (_what, broken) => {
  expect(() => checkRetrySchedule({ ...RFC5080_RETRY, ...broken })).toThrow(RangeError);
});
