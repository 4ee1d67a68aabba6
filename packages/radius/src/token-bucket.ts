export interface TokenBucketLimits {
  /** Tokens that come back each second, above 0. */
  readonly perSecond: number;
  /** Tokens it holds when full, at least 1: how much may come at once after a pause. */
  readonly burst: number;
}

export interface TokenBucket {
  /** Takes a token at `nowMs`, a monotonic time; false when none is left. An earlier time than before adds nothing. */
  take(nowMs: number): boolean;
}

/** A full bucket. Throws RangeError on limits under which nothing would ever pass. */
export function createTokenBucket({ perSecond, burst }: TokenBucketLimits): TokenBucket {
  if (!(perSecond > 0) || !(burst >= 1)) throw new RangeError('a token bucket needs perSecond > 0 and burst >= 1');
  const perMs = perSecond / 1000;
  let tokens = burst;
  let filledAtMs = -Infinity;
  return {
    take(nowMs) {
      if (nowMs > filledAtMs) {
        tokens = Math.min(burst, tokens + (nowMs - filledAtMs) * perMs);
        filledAtMs = nowMs;
      }
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
