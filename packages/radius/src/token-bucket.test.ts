import { createTokenBucket } from './token-bucket.js';

/** How many of `count` takes at one instant succeed. */
function taken(bucket: ReturnType<typeof createTokenBucket>, count: number, nowMs: number): number {
  return Array.from({ length: count }, () => bucket.take(nowMs)).filter(Boolean).length;
}

test('R12: lets a burst through, then only as many as come back each second', () => {
  const bucket = createTokenBucket({ perSecond: 100, burst: 20 });
  expect(taken(bucket, 50, 1_000)).toBe(20);
  expect(taken(bucket, 50, 1_009)).toBe(0);
  expect(taken(bucket, 50, 1_100)).toBe(10);
  expect(taken(bucket, 50, 1_110)).toBe(1);
});

test('R12: lets exactly the rate through over a long flood', () => {
  const bucket = createTokenBucket({ perSecond: 3_000, burst: 6_000 });
  let passed = 0;
  for (let ms = 0; ms < 10_000; ms += 1) passed += taken(bucket, 10, ms);
  expect(passed).toBeGreaterThanOrEqual(6_000 + 3_000 * 9.99 - 1);
  expect(passed).toBeLessThanOrEqual(6_000 + 3_000 * 10);
});

test('never holds more than its burst, however long it rests', () => {
  const bucket = createTokenBucket({ perSecond: 1_000, burst: 5 });
  expect(taken(bucket, 1, 0)).toBe(1);
  expect(taken(bucket, 100, 86_400_000)).toBe(5);
});

test('a rate below one a second adds up, and time that stands or goes back adds nothing', () => {
  const bucket = createTokenBucket({ perSecond: 0.5, burst: 1 });
  expect(bucket.take(10_000)).toBe(true);
  expect([bucket.take(10_000), bucket.take(5_000), bucket.take(11_999)]).toEqual([false, false, false]);
  expect(bucket.take(12_000)).toBe(true);
});

test.each([
  [0, 1],
  [-1, 1],
  [Number.NaN, 1],
  [1, 0.5],
  [1, Number.NaN],
])('refuses %d a second with a burst of %d', (perSecond, burst) => {
  expect(() => createTokenBucket({ perSecond, burst })).toThrow(RangeError);
});
