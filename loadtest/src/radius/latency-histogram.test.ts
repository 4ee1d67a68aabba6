import { LatencyHistogram } from './latency-histogram.js';

test('gives percentiles within two in a hundred of the exact ones, from 10 us to a minute', () => {
  for (const scale of [0.01, 1, 40, 1_000, 60_000]) {
    const histogram = new LatencyHistogram();
    for (let value = 1; value <= 1_000; value += 1) histogram.add((value / 1_000) * scale);
    for (const p of [1, 50, 99, 100]) {
      const exact = (p / 100) * scale;
      // Two microseconds are the finest it can tell.
      expect(Math.abs(histogram.percentile(p) - exact)).toBeLessThanOrEqual(Math.max(exact * 0.02, 0.002));
    }
    expect(histogram.maxMs).toBe(scale);
    expect(histogram.count).toBe(1_000);
  }
});

test('gives 0 when nothing was measured and takes what is beyond its range', () => {
  const histogram = new LatencyHistogram();
  expect(histogram.percentile(99)).toBe(0);
  histogram.add(10_000_000);
  histogram.add(0);
  expect(histogram.percentile(50)).toBeLessThanOrEqual(0.002);
  expect(histogram.percentile(100)).toBeGreaterThan(60_000);
});
