import type { Redis } from '@turnpike/runtime/redis.js';
import { parseMacAddress } from '@turnpike/core/mac-address.js';
import { redisScript } from './redis-script.js';

/**
 * Who uses an entitlement now: `<prefix>lease:<entitlement>` maps device -> end of its lease, `<prefix>owner:<entitlement>`
 * device -> session. Counting and taking are one step, so that fifty logins at once never pass the limit.
 */
export interface DeviceLeases {
  /** Takes a place for a device; the same device may log in again. `usedOctets`: newest known usage of the entitlement. */
  take(claim: LeaseClaim & { readonly limit: number }): Promise<LeaseAnswer>;
  /** Prolongs the lease of an open session, or takes it again where Redis has lost it. */
  renew(claim: LeaseClaim): Promise<void>;
  /** Frees the place, unless another session of the same device holds it by now. */
  release(claim: LeaseClaim): Promise<void>;
  /** Tells the usage of an entitlement to those who let customers in. Usage only grows. */
  noteUsage(entitlementId: string, usedOctets: bigint): Promise<void>;
}

export interface LeaseClaim {
  readonly entitlementId: string;
  readonly device: string;
  /** Our session key; a key that is not of a Class token owns whatever lease the device has. */
  readonly sessionKey: string;
}

export interface LeaseAnswer {
  readonly granted: boolean;
  readonly usedOctets: bigint;
}

const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000) `;

const TAKE = redisScript(`${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return {0, '0'} end
redis.call('ZADD', KEYS[1], now + ARGV[4], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return {1, redis.call('GET', KEYS[3]) or '0'}`);

// A packet of an older session of the device must not take the lease over from the newer one.
const RENEW = redisScript(`${NOW}
local owner = redis.call('HGET', KEYS[2], ARGV[1])
if owner and owner ~= ARGV[2] and string.sub(ARGV[2], 1, 2) == 'c.' then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], owner or ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`);

const RELEASE = redisScript(`
local owner = redis.call('HGET', KEYS[2], ARGV[1])
if owner and owner ~= ARGV[2] and string.sub(ARGV[2], 1, 2) == 'c.' then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1`);

// Decimal digits of equal length compare as text; numbers beyond 2^53 would lose digits in Lua.
const NOTE_USAGE = redisScript(`
local old = redis.call('GET', KEYS[1]) or ''
if #old > #ARGV[1] or (#old == #ARGV[1] and old >= ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1`);

const USAGE_KEPT_SECONDS = 7 * 24 * 3600;

/** `leaseMs`: how long a place is held without a sign of life; 2.5 interim intervals. */
export function createDeviceLeases(options: { redis: Redis; leaseMs: number; prefix?: string }): DeviceLeases {
  const { redis, leaseMs, prefix = 'turnpike:' } = options;
  const keysOf = (entitlementId: string): string[] => [
    `${prefix}lease:${entitlementId}`,
    `${prefix}owner:${entitlementId}`,
    `${prefix}used:${entitlementId}`,
  ];
  const ttlMs = Math.ceil(leaseMs);
  return {
    async take({ entitlementId, device, sessionKey, limit }) {
      return parseAnswer(await TAKE.run(redis, keysOf(entitlementId), [device, sessionKey, limit, ttlMs]));
    },
    async renew({ entitlementId, device, sessionKey }) {
      await RENEW.run(redis, keysOf(entitlementId).slice(0, 2), [device, sessionKey, ttlMs]);
    },
    async release({ entitlementId, device, sessionKey }) {
      await RELEASE.run(redis, keysOf(entitlementId).slice(0, 2), [device, sessionKey]);
    },
    async noteUsage(entitlementId, usedOctets) {
      await NOTE_USAGE.run(redis, keysOf(entitlementId).slice(2), [usedOctets.toString(), USAGE_KEPT_SECONDS]);
    },
  };
}

/** One spelling for one device: a MAC address as RouterOS writes it, else the Calling-Station-Id as it is. */
export function deviceName(callingStationId: string | undefined): string | undefined {
  if (callingStationId === undefined || callingStationId === '') return undefined;
  return parseMacAddress(callingStationId) ?? callingStationId.replaceAll('\0', '\uFFFD');
}

function parseAnswer(answer: unknown): LeaseAnswer {
  if (!Array.isArray(answer)) throw new TypeError('unexpected answer of the lease script');
  return { granted: Number(answer[0]) === 1, usedOctets: BigInt(String(answer[1])) };
}
