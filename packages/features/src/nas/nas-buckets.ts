import { createTokenBucket, type TokenBucket } from '@turnpike/radius/token-bucket.js';
import type { NasRow } from './nas-row.js';

/** Token buckets by source address. A bucket lives as long as its rate: reading the routers again does not refill it. */
export interface NasBuckets {
  /** The bucket of an address that these routers share, undefined when nothing limits it. */
  of(address: string, rows: readonly NasRow[]): TokenBucket | undefined;
  /** Forgets the buckets of addresses not asked for since the last call. */
  prune(): void;
}

interface Kept {
  readonly perSecond: number;
  readonly bucket: TokenBucket;
}

const BURST_SECONDS = 2;

/** `defaultRate`: packets a second for routers without a rate of their own, 0: no limit. The rate is that of one process. */
export function createNasBuckets(defaultRate: number): NasBuckets {
  let kept = new Map<string, Kept>();
  let asked = new Map<string, Kept>();
  return {
    of(address, rows) {
      const rates = rows.map((row) => row.rateLimit ?? defaultRate);
      if (rates.includes(0)) return undefined;
      const perSecond = rates.reduce((sum, rate) => sum + rate, 0);
      const known = kept.get(address);
      const entry =
        known?.perSecond === perSecond
          ? known
          : { perSecond, bucket: createTokenBucket({ perSecond, burst: perSecond * BURST_SECONDS }) };
      kept.set(address, entry);
      asked.set(address, entry);
      return entry.bucket;
    },
    prune() {
      kept = asked;
      asked = new Map();
    },
  };
}
