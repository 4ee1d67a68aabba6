import { once } from 'node:events';
import { createServer } from 'node:net';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createLogger } from './logger.js';
import { assertRedisSettings, isRedisUnavailable, openRedis, waitUntilReady, type Redis } from './redis.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });

describe('Redis settings', () => {
  let durable: TestRedis;
  let cache: TestRedis;

  beforeAll(async () => {
    durable = await openTestRedis('durable');
    cache = await openTestRedis('cache');
  });
  afterAll(async () => {
    await durable.close();
    await cache.close();
  });

  test('accepts the two servers in their own roles', async () => {
    expect(await assertRedisSettings(durable.redis, 'durable')).toEqual({ unchecked: [] });
    expect(await assertRedisSettings(cache.redis, 'cache')).toEqual({ unchecked: [] });
  });

  test('D3: refuses a durable server that evicts or keeps no file, and says exactly what to change', async () => {
    const refusal = assertRedisSettings(cache.redis, 'durable');
    await expect(refusal).rejects.toThrow('maxmemory-policy is "allkeys-lru" and must be "noeviction"');
    await expect(assertRedisSettings(cache.redis, 'durable')).rejects.toThrow(
      /in redis\.conf: maxmemory-policy noeviction/,
    );
    await expect(assertRedisSettings(cache.redis, 'durable')).rejects.toThrow(/CONFIG SET appendonly yes/);
    await expect(assertRedisSettings(cache.redis, 'durable')).rejects.toThrow('REDIS_DURABLE_URL');
  });

  test('refuses a cache that cannot make room', async () => {
    await expect(assertRedisSettings(durable.redis, 'cache')).rejects.toThrow('must be "allkeys-lru"');
  });

  test('checks what it can where CONFIG is forbidden', async () => {
    const managed = {
      options: {},
      info: () => Promise.resolve('maxmemory_policy:noeviction\r\naof_enabled:1\r\n'),
      config: () => Promise.reject(new Error("ERR unknown command 'CONFIG'")),
    };
    expect(await assertRedisSettings(managed as unknown as Redis, 'durable')).toEqual({ unchecked: ['appendfsync'] });
  });
});

describe('a Redis connection', () => {
  test('D2: commands to a server that hangs fail within the limit of their use', async () => {
    const sockets = new Set<{ destroy(): void }>();
    const hung = createServer((socket) => sockets.add(socket));
    hung.listen(0, '127.0.0.1');
    await once(hung, 'listening');
    const address = hung.address();
    const url = `redis://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    for (const [use, limitMs] of [
      ['radius', 150],
      ['commands', 1_300],
    ] as const) {
      const redis = openRedis({ url, role: 'durable', use, logger });
      const startedMs = performance.now();
      const error: unknown = await redis.get('k').catch((reason: unknown) => reason);
      expect(isRedisUnavailable(error)).toBe(true);
      expect(performance.now() - startedMs).toBeLessThan(limitMs);
      redis.disconnect();
    }
    for (const socket of sockets) socket.destroy();
    hung.close();
  });

  test('D2: a connected radius client gives up after 150 ms when the server hangs', async () => {
    const store = await openTestRedis('durable');
    const redis = store.open('radius');
    await waitUntilReady(redis, 1_000);
    // A command that blocks this one connection on the server stands for a server that hangs.
    const blocked: unknown = await redis.blpop(`${store.prefix}nothing`, 5).catch((reason: unknown) => reason);
    expect(isRedisUnavailable(blocked)).toBe(true);
    const startedMs = performance.now();
    const next: unknown = await redis.get('k').catch((reason: unknown) => reason);
    expect(isRedisUnavailable(next)).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(400);
    await store.close();
  });

  test('waiting for a server that is not there names it', async () => {
    const redis = openRedis({ url: 'redis://127.0.0.1:1', role: 'cache', use: 'commands', logger });
    await expect(waitUntilReady(redis, 50)).rejects.toThrow('Redis at 127.0.0.1:1 does not answer');
    redis.disconnect();
  });

  test('logs that the server is away once, not at every try', async () => {
    const lines: string[] = [];
    const speaking = createLogger({
      level: 'info',
      role: 'test',
      instance: 'test',
      destination: { write: (line) => void lines.push(line) },
    });
    const redis = openRedis({ url: 'redis://127.0.0.1:1', role: 'cache', use: 'commands', logger: speaking });
    let tries = 0;
    await new Promise<void>((resolve) => {
      redis.on('reconnecting', () => {
        tries += 1;
        if (tries === 3) resolve();
      });
    });
    redis.disconnect();
    expect(lines.filter((line) => line.includes('Redis is away'))).toHaveLength(1);
  });
});
