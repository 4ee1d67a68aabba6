import { systemClock } from '@turnpike/core/clock.js';
import { openStoreProxy } from '@turnpike/testkit/store-proxy.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openRedis } from '@turnpike/runtime/redis.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createBreaker } from '../access/breaker.js';
import { createRedisDuplicates } from './shared-duplicates.js';

let redis: TestRedis;

beforeAll(async () => {
  redis = await openTestRedis('cache');
});

afterAll(async () => {
  await redis.close();
});

const newBreaker = () => createBreaker({ clock: systemClock });
const processOf = (more: { keepMs?: number; claimMs?: number } = {}) =>
  createRedisDuplicates({ redis: redis.redis, breaker: newBreaker(), prefix: redis.prefix, ...more });

const REPLY = Buffer.from([0x02, 0xff, 0x00, 0x80, 0xc3, 0x28, 0x77, 0x0a]);

describe('requests that several processes share', () => {
  test('R10: of many processes one gets the request, the others know that it is in work', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => processOf().claim('a')));
    expect(claims.filter(({ kind }) => kind === 'mine')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'in-work')).toHaveLength(19);
  });

  test('R10: a copy that reaches another process gets the same bytes', async () => {
    const [one, other] = [processOf(), processOf()];
    expect(await one.claim('b')).toEqual({ kind: 'mine' });
    await one.settle('b', REPLY);
    expect(await other.claim('b')).toEqual({ kind: 'answered', reply: REPLY });
    expect(await one.claim('b')).toEqual({ kind: 'answered', reply: REPLY });
    expect(await redis.redis.pttl(`${redis.prefix}duplicate:b`)).toBeGreaterThan(29_000);
  });

  test('R11: another authenticator is another request', async () => {
    await processOf().claim('c1');
    expect(await processOf().claim('c2')).toEqual({ kind: 'mine' });
  });

  test('R17: a request without an answer is forgotten, so that its retransmission is worked on', async () => {
    await processOf().claim('d');
    await processOf().settle('d', undefined);
    expect(await processOf().claim('d')).toEqual({ kind: 'mine' });
  });

  test('R1: what a killed process had in work is free again within seconds', async () => {
    expect(await processOf().claim('e')).toEqual({ kind: 'mine' });
    const left = await redis.redis.pttl(`${redis.prefix}duplicate:e`);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(3_000);
    const short = processOf({ claimMs: 1 });
    await short.claim('f');
    while ((await redis.redis.exists(`${redis.prefix}duplicate:f`)) === 1) await new Promise(setImmediate);
    expect(await processOf().claim('f')).toEqual({ kind: 'mine' });
  });

  test('D2: with Redis away or hung it rejects in time, and soon without asking', async () => {
    const proxy = await openStoreProxy(redis.url);
    const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
    const connection = openRedis({ url: proxy.url, role: 'cache', use: 'radius', logger });
    await new Promise((resolve) => connection.once('ready', resolve));
    const shared = createRedisDuplicates({ redis: connection, breaker: newBreaker(), prefix: redis.prefix });
    proxy.hang();
    const started = performance.now();
    for (let call = 0; call < 50; call += 1) await expect(shared.claim(`g${call}`)).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(2_000);
    connection.disconnect();
    await proxy.close();
  });
});
