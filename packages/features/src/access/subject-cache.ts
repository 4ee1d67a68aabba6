import type { Redis } from '@turnpike/runtime/redis.js';
import { redisScript } from './redis-script.js';
import { decodeSnapshot, encodeSnapshot, subjectHash, type SubjectSnapshot } from './subject-snapshot.js';

/** Snapshots in the durable Redis: `<prefix>subject:<hash of User-Name>` and, to find them again, `<prefix>customer:<id>`. */
export interface SubjectCache {
  /** Undefined when there is none; rejects when Redis does not answer in time. */
  read(username: Buffer): Promise<SubjectSnapshot | undefined>;
  /** Puts a snapshot in place unless a newer revision is there; a name the customer had before is removed. */
  write(username: Buffer, snapshot: SubjectSnapshot): Promise<void>;
  /** Removes what is known of a customer who is gone; a writer that read the customer earlier can no longer put it back. */
  remove(customerId: string): Promise<void>;
}

// Fields: r revision, k key of the snapshot (both in the customer's key); c customer id, s snapshot (in the subject's).
const WRITE = redisScript(`
local known = redis.call('HMGET', KEYS[1], 'r', 'k')
if known[1] and tonumber(known[1]) > tonumber(ARGV[1]) then return 0 end
if known[2] and known[2] ~= KEYS[2] and redis.call('HGET', known[2], 'c') == ARGV[2] then redis.call('DEL', known[2]) end
redis.call('HSET', KEYS[1], 'r', ARGV[1], 'k', KEYS[2])
redis.call('PERSIST', KEYS[1])
redis.call('HSET', KEYS[2], 'c', ARGV[2], 's', ARGV[3])
return 1`);

const REMOVE = redisScript(`
local key = redis.call('HGET', KEYS[1], 'k')
if key and redis.call('HGET', key, 'c') == ARGV[1] then redis.call('DEL', key) end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'r', '9007199254740991')
redis.call('EXPIRE', KEYS[1], 3600)
return 1`);

export function createSubjectCache(redis: Redis, prefix = 'turnpike:'): SubjectCache {
  const subjectKey = (username: Buffer): string => `${prefix}subject:${subjectHash(username)}`;
  const customerKey = (customerId: string): string => `${prefix}customer:${customerId}`;
  return {
    async read(username) {
      const text = await redis.hget(subjectKey(username), 's');
      return text === null ? undefined : decodeSnapshot(text);
    },
    async write(username, snapshot) {
      const keys = [customerKey(snapshot.customerId), subjectKey(username)];
      await WRITE.run(redis, keys, [snapshot.revision, snapshot.customerId, encodeSnapshot(snapshot)]);
    },
    async remove(customerId) {
      await REMOVE.run(redis, [customerKey(customerId)], [customerId]);
    },
  };
}
