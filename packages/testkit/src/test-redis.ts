import { randomBytes } from 'node:crypto';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openRedis, type Redis, type RedisRole, type RedisUse } from '@turnpike/runtime/redis.js';
import { testSetting } from './test-environment.js';

export interface TestRedis {
  /** For commands. */
  readonly redis: Redis;
  readonly url: string;
  /** Begins every key of this test file, so that files can share a server. */
  readonly prefix: string;
  /** One more connection for another use; closed by `close`. */
  open(use: RedisUse): Redis;
  /** Removes the keys with our prefix. */
  flush(): Promise<void>;
  /** Flushes, then closes every connection. */
  close(): Promise<void>;
}

export async function openTestRedis(role: RedisRole): Promise<TestRedis> {
  const url = testSetting(role === 'durable' ? 'TEST_REDIS_DURABLE_URL' : 'TEST_REDIS_CACHE_URL');
  const prefix = `test:${randomBytes(6).toString('hex')}:`;
  const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
  const opened: Redis[] = [];
  const open = (use: RedisUse): Redis => {
    const redis = openRedis({ url, role, use, logger });
    opened.push(redis);
    return redis;
  };
  const redis = open('commands');
  await redis.ping();
  const flush = () => removeKeys(redis, prefix);
  return {
    redis,
    url,
    prefix,
    open,
    flush,
    close: async () => {
      await flush();
      for (const connection of opened) connection.disconnect();
    },
  };
}

async function removeKeys(redis: Redis, prefix: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 500);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}
