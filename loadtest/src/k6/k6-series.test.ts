import { lastRateThatHeld } from './breakpoint.js';
import { medianOf } from './repeated.js';
import { partsOf, recoverySeconds } from './spike.js';
import { answersOf, edgeMs, percentileMs, readSeconds, seriesOf, type Second } from './k6-series.js';

const second = (at: number, ms: number, { count = 100, wrong = 0 } = {}): Second => ({
  at,
  wrong,
  turnedAway: 0,
  counts: new Map([[Math.ceil(Math.log(ms / 0.1) / Math.log(1.08)), count]]),
});

test('adds up what the virtual users counted, second by second, also the seconds in which nobody was answered', () => {
  const text = 'wrong GET /x: 500\nsecond 100 1 0 5:2,7:1\nsecond 102 0 3 5:4\nsecond 100 0 0 5:1\nanything else\n';
  const seconds = readSeconds(text);
  expect(seconds.map(({ at, wrong, turnedAway, counts }) => [at, wrong, turnedAway, [...counts]])).toEqual([
    [
      100,
      1,
      0,
      [
        [5, 3],
        [7, 1],
      ],
    ],
    [101, 0, 0, []],
    [102, 0, 3, [[5, 4]]],
  ]);
  expect(answersOf(seconds)).toBe(8);
  expect(percentileMs(seconds.slice(0, 1), 75)).toBeCloseTo(edgeMs(5));
  expect(percentileMs(seconds.slice(0, 1), 76)).toBeCloseTo(edgeMs(7));
  expect(percentileMs(seconds.slice(1, 2), 95)).toBeNaN();
  expect(readSeconds('')).toEqual([]);
});

test('keeps at most 300 points of a long run, without losing an error', () => {
  const long = Array.from({ length: 1_000 }, (_, at) => second(at, 10, { wrong: at === 500 ? 7 : 0 }));
  const [answers, p95, wrong, ...none] = seriesOf(long, 50);
  expect(answers?.values.length).toBe(250);
  expect(answers).toMatchObject({ everySeconds: 4 });
  expect(new Set(answers?.values)).toEqual(new Set([100]));
  expect(p95).toMatchObject({ atMost: 50 });
  expect(wrong?.values.filter((value) => value !== 0)).toEqual([7]);
  expect(none).toEqual([]);
});

test('a spike is over when five seconds in a row are fast; a machine that stays slow has not recovered', () => {
  const run = [10, 10, 900, 900, 700, 10, 300, 10, 10, 10, 10, 10, 300].map((ms, at) => second(at, ms));
  const { before, during, after } = partsOf(run, 2, 2);
  expect([before.length, during.length, after.length]).toEqual([2, 2, 9]);
  expect(recoverySeconds(after, 50)).toBe(3);
  expect(recoverySeconds(after.slice(3), 50)).toBe(0);
  expect(recoverySeconds(after.slice(0, 7), 50)).toBe(Number.POSITIVE_INFINITY);
});

test('the last rate that held is before the first stretch that did not, however it went on', () => {
  const rising = (count: number, ms: number, at: number): Second => second(at, ms, { count });
  const run = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000].map((count, at) =>
    rising(count, count < 700 ? 10 : 300, at),
  );
  expect(lastRateThatHeld([...run, ...Array.from({ length: 9 }, (_, at) => rising(5_000, 10, at))], 50)).toBe(400);
  expect(lastRateThatHeld([], 50)).toBe(0);
});

test('of several runs the median is kept, with the values of all and the table of the one in the middle', () => {
  const outcome = (value: number) => ({
    figures: [{ name: 'p95', value, unit: 'ms', atMost: 50 }],
    table: { title: String(value), columns: [], rows: [] },
  });
  expect(medianOf([outcome(9), outcome(20), outcome(80)].toReversed())).toEqual({
    figures: [{ name: 'p95', value: 20, values: [80, 20, 9], unit: 'ms', atMost: 50 }],
    table: { title: '20', columns: [], rows: [] },
  });
  expect(medianOf([outcome(9)])).toEqual(outcome(9));
});
