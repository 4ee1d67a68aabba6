import { createNasBuckets } from './nas-buckets.js';
import type { NasRow } from './nas-row.js';

const row = (rateLimit: number | null): NasRow => ({
  id: 'r',
  address: '127.0.0.1',
  identifier: null,
  site: null,
  secrets: [],
  inUse: 'current',
  generation: null,
  messageAuthenticator: 'required',
  learning: false,
  rateLimit,
  mismatched: false,
});

function taken(buckets: ReturnType<typeof createNasBuckets>, rows: readonly NasRow[], nowMs = 0): number {
  const bucket = buckets.of('127.0.0.1', rows);
  let packets = 0;
  while (packets < 1_000 && bucket?.take(nowMs) !== false) packets += 1;
  return packets;
}

describe('the token buckets of the NASes', () => {
  test('R12: a router may send its rate, and twice as much at once', () => {
    const buckets = createNasBuckets(10);
    expect(taken(buckets, [row(null)])).toBe(20);
    expect(taken(buckets, [row(null)], 1_000)).toBe(10);
  });

  test("R12: a router's own rate goes before the server's, 0 lifts the limit", () => {
    expect(taken(createNasBuckets(10), [row(3)])).toBe(6);
    expect(createNasBuckets(10).of('127.0.0.1', [row(0)])).toBeUndefined();
    expect(createNasBuckets(0).of('127.0.0.1', [row(null)])).toBeUndefined();
    expect(taken(createNasBuckets(0), [row(2)])).toBe(4);
  });

  test('R12: routers behind one address share the sum of their rates', () => {
    expect(taken(createNasBuckets(10), [row(null), row(5)])).toBe(30);
    expect(createNasBuckets(10).of('127.0.0.1', [row(null), row(0)])).toBeUndefined();
  });

  test('R12: reading the routers again does not fill a bucket, another rate makes a new one', () => {
    const buckets = createNasBuckets(10);
    expect(taken(buckets, [row(null)])).toBe(20);
    buckets.prune();
    expect(taken(buckets, [row(null)])).toBe(0);
    buckets.prune();
    expect(taken(buckets, [row(7)])).toBe(14);
  });

  test('a bucket that nobody asked for is forgotten', () => {
    const buckets = createNasBuckets(10);
    expect(taken(buckets, [row(null)])).toBe(20);
    buckets.prune();
    buckets.prune();
    expect(taken(buckets, [row(null)])).toBe(20);
  });
});
