import { createHmac } from 'node:crypto';
import { addressKey } from '@turnpike/core/address-key.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { createTryLimiter, takeTry } from '@turnpike/runtime/try-limiter.js';
import { tooManyPurchases, type PurchaseLimitKind } from './purchase-refusal.js';

/**
 * Requests within 10 minutes. A push shows on the phone of whoever owns the number: nobody is to be bothered by strangers, nor
 * many people by one stranger. All customers of a hotspot come from one address, so that one is high; who names no device and
 * keeps no cookie, which hardly any customer does, shares a lower one with the others of the address.
 */
export const purchaseLimits = { device: 6, phone: 3, nameless: 100, address: 5_000 } as const satisfies Record<
  PurchaseLimitKind,
  number
>;
const WINDOW_SECONDS = 600;

export interface PurchaseAttempt {
  readonly msisdn: string;
  /** Source address; without one somebody signed in asks, who is limited by the phone alone. */
  readonly address?: string | undefined;
  /** Of the device that is to go online. */
  readonly mac?: string | undefined;
  /** What the portal knows the browser by, where the device has told no address of its own. */
  readonly browser?: string | undefined;
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

/** Counts in Redis for all processes together; while Redis is away each process counts for itself. */
export function createPurchaseLimits({ redis, pepper, prefix }: Deps): PurchaseLimits {
  const limiter = (kind: PurchaseLimitKind) =>
    createTryLimiter({
      redis,
      key: `${prefix}purchase:${kind}`,
      limit: { tries: purchaseLimits[kind], seconds: WINDOW_SECONDS },
    });
  const limiters = {
    device: limiter('device'),
    phone: limiter('phone'),
    nameless: limiter('nameless'),
    address: limiter('address'),
  };
  const take = (kind: PurchaseLimitKind, key: string) =>
    takeTry(limiters[kind], key, (seconds) => tooManyPurchases(kind, seconds));
  const hidden = (text: string) => createHmac('sha256', pepper.reveal()).update(text).digest('base64url');
  return {
    take: async ({ msisdn, address, mac, browser }) => {
      // In this order: what one device is refused must not use up what the others at its address may do, nor what anybody
      // is refused what the owner of the phone may.
      const host = address === undefined || address === '' ? undefined : addressKey(address);
      const device = mac ?? browser;
      // What a device is called is told by who asks: counted without its address, anybody could have another one refused.
      if (device !== undefined) await take('device', `${host ?? ''}/${device}`);
      else if (host !== undefined) await take('nameless', host);
      if (host !== undefined) await take('address', host);
      await take('phone', hidden(msisdn));
    },
  };
}
