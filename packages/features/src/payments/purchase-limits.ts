import { createHmac } from 'node:crypto';
import { addressKey } from '@turnpike/core/address-key.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { createTryLimiter, secondsToWait, type TryLimiter } from '@turnpike/runtime/try-limiter.js';

/**
 * Requests within 10 minutes. A push shows on the phone of whoever owns the number: nobody is to be bothered by strangers, nor
 * many people by one stranger.
 */
export const purchaseLimits = { phone: 3, address: 20, device: 20 } as const;
const WINDOW_SECONDS = 600;

export interface PurchaseAttempt {
  readonly msisdn: string;
  /** Source address. */
  readonly address?: string | undefined;
  readonly mac?: string | undefined;
}

export interface PurchaseLimits {
  /** Counts a request before it is made, so that many at once cannot slip through. Throws `rate_limited`. */
  take(attempt: PurchaseAttempt): Promise<void>;
}

interface Deps {
  readonly redis: Redis;
  /** Keeps phone numbers unreadable in Redis. */
  readonly pepper: Secret;
  readonly prefix: string;
}

type Kind = keyof typeof purchaseLimits;

const WORDS: Readonly<Record<Kind, string>> = {
  phone: 'this phone has been asked to pay several times already',
  address: 'there have been many requests from your connection',
  device: 'this device has asked many times',
};

/** Counts in Redis for all processes together; while Redis is away each process counts for itself. */
export function createPurchaseLimits({ redis, pepper, prefix }: Deps): PurchaseLimits {
  const limiter = (kind: Kind) =>
    createTryLimiter({
      redis,
      key: `${prefix}purchase:${kind}`,
      limit: { tries: purchaseLimits[kind], seconds: WINDOW_SECONDS },
    });
  const limiters = { phone: limiter('phone'), address: limiter('address'), device: limiter('device') };
  const hidden = (text: string) => createHmac('sha256', pepper.reveal()).update(text).digest('base64url');
  return {
    take: async ({ msisdn, address, mac }) => {
      // In this order: what one stranger is refused must not use up what the owner of the phone may do.
      if (address !== undefined && address !== '') await consume(limiters.address, addressKey(address), 'address');
      if (mac !== undefined) await consume(limiters.device, mac, 'device');
      await consume(limiters.phone, hidden(msisdn), 'phone');
    },
  };
}

async function consume(limiter: TryLimiter, key: string, kind: Kind): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    const retryAfterSeconds = secondsToWait(refusal);
    if (retryAfterSeconds === undefined) throw refusal;
    const minutes = Math.ceil(retryAfterSeconds / 60);
    const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
    throw new AppError('rate_limited', `${WORDS[kind]}: wait ${wait} and try again, or use a voucher`, {
      extra: { retryAfterSeconds },
    });
  }
}
