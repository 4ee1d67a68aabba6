import type { Redis } from '@turnpike/runtime/redis.js';
import { redisScript } from './redis-script.js';

/** A device that holds a place of an entitlement. */
export interface DeviceHold {
  readonly device: string;
  /** When the place is free again unless the session gives a sign of life. */
  readonly until: Date;
}

/** Reads who holds the places of an entitlement now; the one whose place is free first in front. */
export type HolderReader = (entitlementId: string) => Promise<DeviceHold[]>;

const HOLDERS = redisScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf', 'WITHSCORES')`);

export function createHolderReader({ redis, prefix = 'turnpike:' }: { redis: Redis; prefix?: string }): HolderReader {
  return async (entitlementId) => {
    const flat: unknown = await HOLDERS.run(redis, [leaseKey(prefix, entitlementId)], []);
    return Array.isArray(flat) ? pairs(flat) : [];
  };
}

/** Sorted set: device -> end of its lease, ms since 1970. */
export function leaseKey(prefix: string, entitlementId: string): string {
  return `${prefix}lease:${entitlementId}`;
}

function pairs(flat: readonly unknown[]): DeviceHold[] {
  const holds: DeviceHold[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    holds.push({ device: String(flat[at]), until: new Date(Number(flat[at + 1])) });
  }
  return holds;
}
