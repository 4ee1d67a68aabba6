import { openStoreProxy } from '@turnpike/testkit/store-proxy.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { createLogger } from './logger.js';
import { isRedisUnavailable, openRedis, waitUntilReady } from './redis.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });

describe('the time limit of RADIUS commands', () => {
  test('D2: a server that hangs is given up on, all commands that wait for it together', async () => {
    const store = await openTestRedis('durable');
    const proxy = await openStoreProxy(store.url);
    const redis = openRedis({ url: proxy.url, role: 'durable', use: 'radius', logger });
    await waitUntilReady(redis, 2_000);
    proxy.hang();
    const startedMs = performance.now();
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => redis.get('k')));
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(outcomes.every((each) => each.status === 'rejected' && isRedisUnavailable(each.reason))).toBe(true);
    redis.disconnect();
    await proxy.close();
    await store.close();
  });

  test('a pause of this process is no fault of the server: answers that came meanwhile count', async () => {
    const store = await openTestRedis('durable');
    const redis = store.open('radius');
    await waitUntilReady(redis, 2_000);
    const answers = Promise.all(Array.from({ length: 50 }, (_, index) => redis.echo(String(index))));
    const untilMs = performance.now() + 400;
    while (performance.now() < untilMs);
    expect(await answers).toHaveLength(50);
    await store.close();
  });
});
