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

const HOLDERS = redisScript(`return { redis.call('TIME'), redis.call('HGETALL', KEYS[1]) }`);

export function createHolderReader({ redis, prefix = 'turnpike:' }: { redis: Redis; prefix?: string }): HolderReader {
  return async (entitlementId) => {
    const answer: unknown = await HOLDERS.run(redis, [placesKey(prefix, entitlementId)], []);
    const [time, fields] = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
    if (!Array.isArray(time) || !Array.isArray(fields)) return [];
    const nowMs = Number(time[0]) * 1_000 + Math.floor(Number(time[1]) / 1_000);
    return holdsOf(fields)
      .filter(({ until }) => until.getTime() > nowMs)
      .sort((a, b) => a.until.getTime() - b.until.getTime());
  };
}

/** Hash of the places of an entitlement: see DeviceLeases. */
export function placesKey(prefix: string, entitlementId: string): string {
  return `${prefix}places:${entitlementId}`;
}

const DEVICE_FIELD = 'd';

function holdsOf(fields: readonly unknown[]): DeviceHold[] {
  const holds: DeviceHold[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const field = String(fields[at]);
    if (!field.startsWith(DEVICE_FIELD)) continue;
    const until = new Date(Number.parseInt(String(fields[at + 1]), 10));
    holds.push({ device: field.slice(DEVICE_FIELD.length), until });
  }
  return holds;
}
