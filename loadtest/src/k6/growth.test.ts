import { hitRate, parseCacheCounts } from './cache-counts.js';
import { growthPercent, moreAtMost } from './growth.js';

test('growth is that of the last third against the second, whatever the first one was', () => {
  expect(growthPercent([1, 2, 3, 100, 100, 100, 104, 105, 106])).toBeCloseTo(5);
  expect(growthPercent([500, 400, 300, 100, 100, 100, 90, 90, 90])).toBeCloseTo(-10);
  expect(growthPercent([7, 7])).toBeNaN();
});

test('one more at the highest is one more, however low the others are', () => {
  expect(moreAtMost([9, 9, 9, 5, 6, 5, 4, 4, 7])).toBe(1);
  expect(moreAtMost([9, 9, 9, 5, 6, 5, 4, 4, 4])).toBe(-2);
  expect(moreAtMost([1])).toBeNaN();
});

test('counts hits and misses of all API processes, and of no others', () => {
  const line = (role: string, instance: string, outcome: string, value: number): string =>
    `turnpike_cache_requests_total{cache="packages",outcome="${outcome}",role="${role}",instance="${instance}"} ${value}`;
  const text = [
    '# TYPE turnpike_cache_requests_total counter',
    line('api', '0', 'hit', 70),
    line('api', '1', 'hit', 20),
    line('api', '1', 'miss', 10),
    line('worker', '0', 'miss', 500),
  ].join('\n');
  const counts = parseCacheCounts(text);
  expect(counts).toEqual({ hits: 90, misses: 10 });
  expect(hitRate({ hits: 10, misses: 0 }, counts)).toBeCloseTo((80 / 90) * 100);
  expect(hitRate(counts, counts)).toBeNaN();
});
