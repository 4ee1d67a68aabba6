import { createHmac } from 'node:crypto';
import { addressKey } from '@turnpike/core/address-key.js';
import type { Secret } from '@turnpike/core/secret.js';
import { createTryLimiter, takeTry, tooManyTries, type TryLimit } from '@turnpike/runtime/try-limiter.js';
import type { Redis } from '@turnpike/runtime/redis.js';

/**
 * One guesser soon meets the first limit; guessers with many addresses meet the second, set high enough that they cannot
 * easily lock the owner out; one address that goes through many accounts meets the third.
 */
export const loginLimits = {
  accountAndAddress: { tries: 10, seconds: 900 },
  account: { tries: 150, seconds: 3_600 },
  address: { tries: 60, seconds: 900 },
} as const satisfies Record<string, TryLimit>;

export interface LoginAttempt {
  readonly email: string;
  readonly ip: string;
}

export interface LoginLimits {
  /** Counts a try before its password is looked at, so that many at once cannot slip through. Throws `rate_limited`. */
  take(attempt: LoginAttempt): Promise<void>;
  /** The password was right: gives the tries back. */
  forgive(attempt: LoginAttempt): Promise<void>;
}

interface Deps {
  readonly redis: Redis;
  /** Keeps the addresses that people typed unreadable in Redis. */
  readonly pepper: Secret;
  readonly prefix: string;
}

/** Counts in Redis for all processes together; while Redis is away each process counts for itself. */
export function createLoginLimits({ redis, pepper, prefix }: Deps): LoginLimits {
  const limiter = (name: keyof typeof loginLimits) =>
    createTryLimiter({ redis, key: `${prefix}login:${name}`, limit: loginLimits[name] });
  const limiters = {
    accountAndAddress: limiter('accountAndAddress'),
    account: limiter('account'),
    address: limiter('address'),
  };
  const keysOf = ({ email, ip }: LoginAttempt) => {
    const account = createHmac('sha256', pepper.reveal()).update(email).digest('base64url');
    const address = addressKey(ip);
    return { accountAndAddress: `${account}:${address}`, account, address };
  };
  return {
    take: async (attempt) => {
      const keys = keysOf(attempt);
      // In this order: what one address is refused must not use up the tries of the account.
      await takeTry(limiters.address, keys.address, tooMany);
      await takeTry(limiters.accountAndAddress, keys.accountAndAddress, tooMany);
      await takeTry(limiters.account, keys.account, tooMany);
    },
    forgive: async (attempt) => {
      const keys = keysOf(attempt);
      await Promise.all([
        limiters.accountAndAddress.delete(keys.accountAndAddress),
        limiters.account.reward(keys.account),
        limiters.address.reward(keys.address),
      ]);
    },
  };
}

const tooMany = tooManyTries((seconds) => `too many attempts to sign in; try again in ${seconds} seconds`);
