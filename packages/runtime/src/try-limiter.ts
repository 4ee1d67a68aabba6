import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Redis } from './redis.js';

/** Tries within `seconds`. */
export interface TryLimit {
  readonly tries: number;
  readonly seconds: number;
}

export type TryLimiter = RateLimiterRedis;

export interface TryLimiterOptions {
  readonly redis: Redis;
  /** Begins the keys in Redis. */
  readonly key: string;
  readonly limit: TryLimit;
}

/** Counts in Redis for all processes together; while Redis is away each process counts for itself. */
export function createTryLimiter({ redis, key, limit }: TryLimiterOptions): TryLimiter {
  const settings = { points: limit.tries, duration: limit.seconds, keyPrefix: key };
  return new RateLimiterRedis({
    ...settings,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(settings),
  });
}

/** How long to wait after what `consume` threw, whole seconds; undefined when that is no refusal but an error. */
export function secondsToWait(refusal: unknown): number | undefined {
  return refusal instanceof RateLimiterRes ? Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000)) : undefined;
}
