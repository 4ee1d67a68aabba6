import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '@turnpike/core/app-error.js';
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

/** Counts a try; where there were too many it throws what `refusal` makes of the whole seconds to wait. */
export async function takeTry(
  limiter: TryLimiter,
  key: string,
  refusal: (retryAfterSeconds: number) => AppError,
): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw refusal(Math.max(1, Math.ceil(error.msBeforeNext / 1_000)));
  }
}

/** A refusal that says when to try again. */
export function tooManyTries(says: (seconds: number) => string): (retryAfterSeconds: number) => AppError {
  return (retryAfterSeconds) => new AppError('rate_limited', says(retryAfterSeconds), { extra: { retryAfterSeconds } });
}
