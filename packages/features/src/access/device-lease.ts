import { parseMacAddress } from '@turnpike/core/mac-address.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { redisScript } from './redis-script.js';
import { customerKey } from './subject-cache.js';

/**
 * Who uses an entitlement now: `<prefix>lease:<entitlement>` maps device -> end of its lease, `<prefix>owner:<entitlement>`
 * device -> session, `<prefix>used:<entitlement>` holds the newest usage. Counting and taking are one step, so that fifty
 * logins at once never pass the limit.
 */
export interface DeviceLeases {
  /**
   * Takes a place for a device; the same device may log in again. In the same step it makes sure that the customer is still
   * the one the decision was made of, and keeps `note` as the customer's last Accept.
   */
  take(claim: PlaceClaim): Promise<LeaseAnswer>;
  /** Prolongs the lease of an open session, or takes it again where Redis has lost it. */
  renew(claim: LeaseClaim): Promise<void>;
  /** Frees the place, unless another session of the same device holds it by now. */
  release(claim: LeaseClaim): Promise<void>;
  /** Tells the usage of an entitlement to those who let customers in. Usage only grows. */
  noteUsage(entitlementId: string, usedOctets: bigint, usedSeconds?: bigint): Promise<void>;
  /** Devices that hold a place now. */
  holders(entitlementId: string): Promise<DeviceHold[]>;
}

export interface LeaseClaim {
  readonly entitlementId: string;
  readonly device: string;
  /** Our session key; a key that is not of a Class token owns whatever lease the device has. */
  readonly sessionKey: string;
}

export interface PlaceClaim extends LeaseClaim {
  /** Places there are. */
  readonly limit: number;
  readonly customer: KnownCustomer;
  /** See decision-note.ts; empty keeps none. */
  readonly note: string;
}

export interface KnownCustomer {
  readonly id: string;
  /** Of the snapshot that was decided on. */
  readonly revision: number;
  /**
   * Whether a store said so just now that may be ahead of this one: PostgreSQL is where changes begin, so an older or no
   * revision in Redis is then no objection.
   */
  readonly mayBeAhead: boolean;
}

/** `changed`: the customer is not what the decision was made of any more; decide again. */
export type LeaseOutcome = 'granted' | 'full' | 'changed';

export interface LeaseAnswer extends KnownUsage {
  readonly outcome: LeaseOutcome;
}

export interface KnownUsage {
  readonly usedOctets: bigint;
  readonly usedSeconds: number;
}

export interface DeviceHold {
  readonly device: string;
  /** When the place is free again unless the session gives a sign of life. */
  readonly until: Date;
}

const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000) `;

// KEYS: leases, owners, usage, customer. ARGV: device, session, limit, lease ms, revision, may be ahead, note.
const TAKE = redisScript(`
local revision = redis.call('HGET', KEYS[4], 'r')
if revision ~= ARGV[5] and (ARGV[6] == '0' or revision and tonumber(revision) > tonumber(ARGV[5])) then return {2} end
${NOW}
local held = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not held or tonumber(held) <= now then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return {0} end
end
redis.call('ZADD', KEYS[1], now + ARGV[4], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
if revision and ARGV[7] ~= '' then redis.call('HSET', KEYS[4], 'a', ARGV[7]) end
return {1, redis.call('GET', KEYS[3])}`);

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
local function more(a, b) if #a ~= #b then return #a > #b end return a > b end
local octets, seconds = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) ?(%d*)')
octets, seconds = octets or '', seconds or ''
if not more(ARGV[1], octets) and not more(ARGV[2], seconds) then return 0 end
if more(ARGV[1], octets) then octets = ARGV[1] end
if more(ARGV[2], seconds) then seconds = ARGV[2] end
redis.call('SET', KEYS[1], octets .. ' ' .. seconds, 'EX', ARGV[3])
return 1`);

const HOLDERS = redisScript(`${NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf', 'WITHSCORES')`);

const USAGE_KEPT_SECONDS = 7 * 24 * 3600;
const OUTCOMES: readonly LeaseOutcome[] = ['full', 'granted', 'changed'];

/** `leaseMs`: how long a place is held without a sign of life; 2.5 interim intervals, so that two may be missed. */
export function createDeviceLeases(options: { redis: Redis; leaseMs: number; prefix?: string }): DeviceLeases {
  const { redis, leaseMs, prefix = 'turnpike:' } = options;
  const leaseKey = (entitlementId: string): string => `${prefix}lease:${entitlementId}`;
  const ownerKey = (entitlementId: string): string => `${prefix}owner:${entitlementId}`;
  const usageKey = (entitlementId: string): string => `${prefix}used:${entitlementId}`;
  const leaseAndOwner = (entitlementId: string): string[] => [leaseKey(entitlementId), ownerKey(entitlementId)];
  const ttlMs = String(Math.ceil(leaseMs));
  return {
    async take({ entitlementId, device, sessionKey, limit, customer, note }) {
      const keys = [
        leaseKey(entitlementId),
        ownerKey(entitlementId),
        usageKey(entitlementId),
        customerKey(prefix, customer.id),
      ];
      const ahead = customer.mayBeAhead ? '1' : '0';
      const args = [device, sessionKey, String(limit), ttlMs, String(customer.revision), ahead, note];
      return parseAnswer(await TAKE.run(redis, keys, args));
    },
    async renew({ entitlementId, device, sessionKey }) {
      await RENEW.run(redis, leaseAndOwner(entitlementId), [device, sessionKey, ttlMs]);
    },
    async release({ entitlementId, device, sessionKey }) {
      await RELEASE.run(redis, leaseAndOwner(entitlementId), [device, sessionKey]);
    },
    async noteUsage(entitlementId, usedOctets, usedSeconds = 0n) {
      const args = [usedOctets.toString(), usedSeconds.toString(), USAGE_KEPT_SECONDS];
      await NOTE_USAGE.run(redis, [usageKey(entitlementId)], args);
    },
    async holders(entitlementId) {
      const flat: unknown = await HOLDERS.run(redis, [leaseKey(entitlementId)], []);
      return Array.isArray(flat) ? pairs(flat) : [];
    },
  };
}

const MAC = /^[0-9A-F]{2}(?::[0-9A-F]{2}){5}$/;

/** One spelling for one device: a MAC address as RouterOS writes it, else the Calling-Station-Id as it is. */
export function deviceName(callingStationId: string | undefined): string | undefined {
  if (callingStationId === undefined || callingStationId === '') return undefined;
  // As RouterOS spells it already.
  if (MAC.test(callingStationId)) return callingStationId;
  return parseMacAddress(callingStationId) ?? callingStationId.replaceAll('\0', '\uFFFD');
}

const NO_USAGE: KnownUsage = { usedOctets: 0n, usedSeconds: 0 };

function parseAnswer(answer: unknown): LeaseAnswer {
  const [code, usage] = Array.isArray(answer) ? answer : [];
  const outcome = typeof code === 'number' ? OUTCOMES[code] : undefined;
  if (outcome === undefined) throw new TypeError('unexpected answer of the lease script');
  return { outcome, ...(typeof usage === 'string' ? parseUsage(usage) : NO_USAGE) };
}

function parseUsage(text: string): KnownUsage {
  const [octets = '0', seconds = ''] = text.split(' ');
  return { usedOctets: BigInt(octets), usedSeconds: Number(seconds) };
}

function pairs(flat: readonly unknown[]): DeviceHold[] {
  const holds: DeviceHold[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    holds.push({ device: String(flat[at]), until: new Date(Number(flat[at + 1])) });
  }
  return holds;
}
