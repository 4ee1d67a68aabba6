import { createBatcher } from '@turnpike/core/batcher.js';
import { parseMacAddress } from '@turnpike/core/mac-address.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { placesKey } from './device-holders.js';
import { redisScript } from './redis-script.js';
import { customerKey } from './subject-cache.js';

/**
 * Who uses an entitlement now, in one hash of the durable Redis: `<prefix>places:<entitlement>` maps each device to the end of
 * its lease and its session, and holds the newest usage. Counting and taking are one step, so that fifty logins at once never
 * pass the limit.
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
  /** Renews or releases many places at once. */
  follow(claims: readonly FollowedClaim[]): Promise<void>;
  /** Tells the usage of an entitlement to those who let customers in. Usage only grows. */
  noteUsage(entitlementId: string, usedOctets: bigint, usedSeconds?: bigint): Promise<void>;
  noteUsages(usages: readonly NotedUsage[]): Promise<void>;
}

export interface LeaseClaim {
  readonly entitlementId: string;
  readonly device: string;
  /** Our session key; a key that is not of a Class token owns whatever lease the device has. */
  readonly sessionKey: string;
}

export interface FollowedClaim extends LeaseClaim {
  /** The place is free again. */
  readonly ended: boolean;
}

export interface NotedUsage {
  readonly entitlementId: string;
  readonly usedOctets: bigint;
  readonly usedSeconds: bigint;
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

const DAY_MS = 24 * 3_600_000;
/** Beyond any lease, so that the key need not be prolonged with each. */
const KEPT_MS = 7 * DAY_MS;
/** The key is prolonged once a day at most. */
const PROLONGED_MS = KEPT_MS - DAY_MS;

// Fields: d<device> end of its lease, ms, a space and its session; u octets and seconds used; x when the key goes, ms.
const PLACES = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function put(places, field, value, ends)
  if ends and tonumber(ends) - now > ${PROLONGED_MS} then
    redis.call('HSET', places, field, value)
  else
    redis.call('HSET', places, field, value, 'x', now + ${KEPT_MS})
    redis.call('PEXPIRE', places, ${KEPT_MS})
  end
end
local function ended(hold) return tonumber(string.match(hold, '^%d+')) <= now end
`;

// KEYS: places and customer of each. ARGV: lease ms, then device, session, limit, revision, may be ahead, note.
// Gives outcome (0 full, 1 granted, 2 changed) and usage of each.
const TAKE = redisScript(`${PLACES}
local function live(places)
  local fields, count = redis.call('HGETALL', places), 0
  for n = 1, #fields, 2 do
    if string.sub(fields[n], 1, 1) == 'd' then
      if ended(fields[n + 1]) then redis.call('HDEL', places, fields[n]) else count = count + 1 end
    end
  end
  return count
end
local function take(places, customer, device, session, limit, expected, ahead, note)
  local revision = redis.call('HGET', customer, 'r')
  if revision ~= expected and (ahead == '0' or revision and tonumber(revision) > tonumber(expected)) then return 2, '' end
  local field = 'd' .. device
  local known = redis.call('HMGET', places, field, 'u', 'x')
  if not known[1] or ended(known[1]) then
    limit = tonumber(limit)
    if redis.call('HLEN', places) >= limit and live(places) >= limit then return 0, '' end
  end
  put(places, field, now + ARGV[1] .. ' ' .. session, known[3])
  if revision and note ~= '' then redis.call('HSET', customer, 'a', note) end
  return 1, known[2] or ''
end
local answers = {}
for n = 0, #KEYS / 2 - 1 do
  local k, a = 2 * n, 6 * n + 1
  local outcome, usage = take(KEYS[k + 1], KEYS[k + 2],
    ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], ARGV[a + 4], ARGV[a + 5], ARGV[a + 6])
  answers[2 * n + 1], answers[2 * n + 2] = outcome, usage
end
return answers`);

// KEYS: places of each. ARGV: lease ms, then device, session, and 1 where the place is given back.
// A packet of an older session of the device must neither take the place over from the newer one nor free it.
const FOLLOW = redisScript(`${PLACES}
for n = 1, #KEYS do
  local field, session, gone = 'd' .. ARGV[3 * n - 1], ARGV[3 * n], ARGV[3 * n + 1] == '1'
  local known = redis.call('HMGET', KEYS[n], field, 'x')
  local owner = known[1] and string.match(known[1], ' (.*)$')
  if not owner or owner == session or string.sub(session, 1, 2) ~= 'c.' then
    if not gone then
      put(KEYS[n], field, now + ARGV[1] .. ' ' .. (owner or session), known[2])
    elseif owner then
      redis.call('HDEL', KEYS[n], field)
    end
  end
end`);

// KEYS: places of each. ARGV: octets and seconds of each.
// Decimal digits of equal length compare as text; numbers beyond 2^53 would lose digits in Lua.
const NOTE_USAGE = redisScript(`${PLACES}
local function more(a, b) if #a ~= #b then return #a > #b end return a > b end
for n = 1, #KEYS do
  local new_octets, new_seconds = ARGV[2 * n - 1], ARGV[2 * n]
  local known = redis.call('HMGET', KEYS[n], 'u', 'x')
  local octets, seconds = string.match(known[1] or '', '^(%d+) (%d+)')
  octets, seconds = octets or '', seconds or ''
  if more(new_octets, octets) or more(new_seconds, seconds) then
    if more(new_octets, octets) then octets = new_octets end
    if more(new_seconds, seconds) then seconds = new_seconds end
    put(KEYS[n], 'u', octets .. ' ' .. seconds, known[2])
  end
end`);

/** Others wait for a script: so many places take it about a millisecond. */
const PER_SCRIPT = 200;
/** Logins are in more of a hurry: Redis works on the first eight while the next are decided on. */
const TAKEN_PER_SCRIPT = 8;
const OUTCOMES: readonly LeaseOutcome[] = ['full', 'granted', 'changed'];

/** `leaseMs`: how long a place is held without a sign of life; 2.5 interim intervals, so that two may be missed. */
export function createDeviceLeases(options: { redis: Redis; leaseMs: number; prefix?: string }): DeviceLeases {
  const { redis, leaseMs, prefix = 'turnpike:' } = options;
  const placesOf = ({ entitlementId }: { entitlementId: string }): string => placesKey(prefix, entitlementId);
  const ttlMs = String(Math.ceil(leaseMs));

  const follow: DeviceLeases['follow'] = async (claims) => {
    for (let from = 0; from < claims.length; from += PER_SCRIPT) {
      const some = claims.slice(from, from + PER_SCRIPT);
      const args = some.flatMap(({ device, sessionKey, ended }) => [device, sessionKey, ended ? '1' : '0']);
      await FOLLOW.run(redis, some.map(placesOf), [ttlMs, ...args]);
    }
  };

  const noteUsages: DeviceLeases['noteUsages'] = async (usages) => {
    for (let from = 0; from < usages.length; from += PER_SCRIPT) {
      const some = usages.slice(from, from + PER_SCRIPT);
      const args = some.flatMap(({ usedOctets, usedSeconds }) => [usedOctets.toString(), usedSeconds.toString()]);
      await NOTE_USAGE.run(redis, some.map(placesOf), args);
    }
  };

  /** Those of one turn of the event loop together: a command costs this process more than what it does there. */
  const take = createBatcher<PlaceClaim, LeaseAnswer>({
    maxItems: TAKEN_PER_SCRIPT,
    run: async (claims) => {
      const keys: string[] = [];
      const args: string[] = [ttlMs];
      for (const claim of claims) {
        const { device, sessionKey, limit, customer, note } = claim;
        const { id, revision, mayBeAhead } = customer;
        keys.push(placesOf(claim), customerKey(prefix, id));
        args.push(device, sessionKey, String(limit), String(revision), mayBeAhead ? '1' : '0', note);
      }
      return parseAnswers(await TAKE.run(redis, keys, args));
    },
  });

  return {
    take,
    renew: (claim) => follow([{ ...claim, ended: false }]),
    release: (claim) => follow([{ ...claim, ended: true }]),
    follow,
    noteUsage: (entitlementId, usedOctets, usedSeconds = 0n) =>
      noteUsages([{ entitlementId, usedOctets, usedSeconds }]),
    noteUsages,
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

function parseAnswers(flat: unknown): LeaseAnswer[] {
  if (!Array.isArray(flat)) throw new TypeError('unexpected answer of the lease script');
  const parts: readonly unknown[] = flat;
  const answers: LeaseAnswer[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) answers.push(parseAnswer(parts[at], parts[at + 1]));
  return answers;
}

function parseAnswer(code: unknown, usage: unknown): LeaseAnswer {
  const outcome = typeof code === 'number' ? OUTCOMES[code] : undefined;
  if (outcome === undefined) throw new TypeError('unexpected answer of the lease script');
  const { usedOctets, usedSeconds } = typeof usage === 'string' && usage !== '' ? parseUsage(usage) : NO_USAGE;
  return { outcome, usedOctets, usedSeconds };
}

function parseUsage(text: string): KnownUsage {
  const [octets = '0', seconds = '0'] = text.split(' ');
  return { usedOctets: BigInt(octets), usedSeconds: Number(seconds) };
}
