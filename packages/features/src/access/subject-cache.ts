import type { Redis } from '@turnpike/runtime/redis.js';
import { redisScript } from './redis-script.js';
import { subjectHash, encodeSnapshot, type SubjectSnapshot } from './subject-snapshot.js';
import type { Subject } from './subject.store.js';

/**
 * Snapshots in the durable Redis: `<prefix>subject:<hash of User-Name>`; to find them again `<prefix>customer:<id>`; and
 * `<prefix>device:<MAC>` for logins by MAC address.
 */
export interface SubjectCache {
  /** The snapshot as text (see decodeSnapshot), undefined when there is none; rejects when Redis does not answer in time. */
  read(username: Buffer): Promise<string | undefined>;
  /** The same of the customer whose device this is; `mac` as parseMacAddress writes it. */
  readByDevice(mac: string): Promise<string | undefined>;
  /** Puts a snapshot in place unless a newer revision is there; names and devices the customer had before are removed. */
  write(username: Buffer, snapshot: SubjectSnapshot): Promise<void>;
  /** Removes what is known of a customer who is gone; a writer that read the customer earlier can no longer put it back. */
  remove(customerId: string): Promise<void>;
}

export async function writeSubject(cache: SubjectCache, { username, snapshot }: Subject): Promise<void> {
  await cache.write(Buffer.from(username, 'utf8'), snapshot);
}

// Fields: r revision, k key of the snapshot, d devices (in the customer's key); c customer id, s snapshot (in the subject's).
const FORGET_DEVICES = `
local function forget(macs, prefix, customer)
  for mac in string.gmatch(macs or '', '%S+') do
    if redis.call('GET', prefix .. mac) == customer then redis.call('DEL', prefix .. mac) end
  end
end`;

const WRITE = redisScript(`${FORGET_DEVICES}
local known = redis.call('HMGET', KEYS[1], 'r', 'k', 'd')
if known[1] and tonumber(known[1]) > tonumber(ARGV[1]) then return 0 end
if known[2] and known[2] ~= KEYS[2] and redis.call('HGET', known[2], 'c') == ARGV[2] then redis.call('DEL', known[2]) end
if (known[3] or '') ~= ARGV[4] then forget(known[3], ARGV[5], ARGV[2]) end
for mac in string.gmatch(ARGV[4], '%S+') do redis.call('SET', ARGV[5] .. mac, ARGV[2]) end
redis.call('HSET', KEYS[1], 'r', ARGV[1], 'k', KEYS[2], 'd', ARGV[4])
redis.call('PERSIST', KEYS[1])
redis.call('HSET', KEYS[2], 'c', ARGV[2], 's', ARGV[3])
return 1`);

const REMOVE = redisScript(`${FORGET_DEVICES}
local known = redis.call('HMGET', KEYS[1], 'k', 'd')
if known[1] and redis.call('HGET', known[1], 'c') == ARGV[1] then redis.call('DEL', known[1]) end
forget(known[2], ARGV[2], ARGV[1])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'r', '9007199254740991')
redis.call('EXPIRE', KEYS[1], 3600)
return 1`);

const READ_BY_DEVICE = redisScript(`
local customer = redis.call('GET', KEYS[1])
if not customer then return false end
local key = redis.call('HGET', ARGV[1] .. customer, 'k')
if not key then return false end
local found = redis.call('HMGET', key, 'c', 's')
return found[1] == customer and found[2]`);

export function createSubjectCache(redis: Redis, prefix = 'turnpike:'): SubjectCache {
  const subjectKey = (username: Buffer): string => `${prefix}subject:${subjectHash(username)}`;
  const devicePrefix = `${prefix}device:`;
  return {
    async read(username) {
      return (await redis.hget(subjectKey(username), 's')) ?? undefined;
    },
    async readByDevice(mac) {
      const text = await READ_BY_DEVICE.run(redis, [devicePrefix + mac], [`${prefix}customer:`]);
      return typeof text === 'string' ? text : undefined;
    },
    async write(username, snapshot) {
      const { customerId, revision, devices } = snapshot;
      const keys = [customerKey(prefix, customerId), subjectKey(username)];
      const macs = devices.map((device) => device.mac).join(' ');
      await WRITE.run(redis, keys, [revision, customerId, encodeSnapshot(snapshot), macs, devicePrefix]);
    },
    async remove(customerId) {
      await REMOVE.run(redis, [customerKey(prefix, customerId)], [customerId, devicePrefix]);
    },
  };
}

/** Key that holds the newest revision of a customer. */
export function customerKey(prefix: string, customerId: string): string {
  return `${prefix}customer:${customerId}`;
}
