import { createHash } from 'node:crypto';
import { addressKey } from '@turnpike/core/address-key.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import {
  createTryLimiter,
  takeTry,
  tooManyTries,
  type TryLimit,
  type TryLimiter,
} from '@turnpike/runtime/try-limiter.js';

/**
 * All customers behind one router share an address, so limits by address are wide; those by what is guessed at are narrow.
 * `account` and `receipt`: wrong passwords of one account and wrong tries of one receipt, whoever makes them.
 */
export const portalLimits = {
  reading: { tries: 1_200, seconds: 60 },
  signInAddress: { tries: 120, seconds: 900 },
  account: { tries: 10, seconds: 900 },
  receiptAddress: { tries: 60, seconds: 900 },
  receipt: { tries: 10, seconds: 3_600 },
} as const satisfies Record<string, TryLimit>;

export type PortalLimitName = keyof typeof portalLimits;

export interface PortalLimits {
  /** Counts a try. Throws `rate_limited` with `retryAfterSeconds`. */
  take(name: PortalLimitName, key: string): Promise<void>;
  /** It was none of the tries that are counted: takes it back. */
  forgive(name: PortalLimitName, key: string): Promise<void>;
}

/** Counts in Redis for all processes together; while Redis is away each process counts for itself. */
export function createPortalLimits({ redis, prefix }: { redis: Redis; prefix: string }): PortalLimits {
  const limiter = (name: PortalLimitName): TryLimiter =>
    createTryLimiter({ redis, key: `${prefix}portal:${name}`, limit: portalLimits[name] });
  const limiters: Readonly<Record<PortalLimitName, TryLimiter>> = {
    reading: limiter('reading'),
    signInAddress: limiter('signInAddress'),
    account: limiter('account'),
    receiptAddress: limiter('receiptAddress'),
    receipt: limiter('receipt'),
  };
  return {
    take: (name, key) => takeTry(limiters[name], keyOf(name, key), tooMany),
    forgive: async (name, key) => {
      await limiters[name].reward(keyOf(name, key));
    },
  };
}

const tooMany = tooManyTries((seconds) => `too many tries; try again in ${seconds} seconds`);

/** What people typed is not kept readable, and is never longer than a hash. */
function keyOf(name: PortalLimitName, key: string): string {
  if (name === 'reading' || name === 'signInAddress' || name === 'receiptAddress') return addressKey(key);
  return createHash('sha256').update(key).digest('base64url');
}
