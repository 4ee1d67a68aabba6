import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { watchConnections } from './connection-metrics.js';
import { createMetrics } from './metrics.js';
import { redisFigures } from './redis-figures.js';

let durable: TestRedis;
let cache: TestRedis;

beforeAll(async () => {
  [durable, cache] = await Promise.all([openTestRedis('durable'), openTestRedis('cache')]);
});
afterAll(() => Promise.all([durable.close(), cache.close()]));

const newMetrics = () => createMetrics({ role: 'worker', instance: '0', processMetrics: false });

async function valuesOf(metrics: ReturnType<typeof newMetrics>, name: string): Promise<Record<string, number>> {
  const found = await metrics.registry.getSingleMetric(name)?.get();
  return Object.fromEntries(
    (found?.values ?? []).map(({ labels, value }) => [Object.values(labels).map(String).join(' '), value]),
  );
}

describe('metrics of the stores', () => {
  test('say what both Redis say of themselves, and nothing of one that does not answer', async () => {
    const metrics = newMetrics();
    const up: Record<string, boolean> = {};
    const redis = { durable: durable.redis, cache: cache.redis };
    const [ofDurable, ofCache] = redisFigures({ metrics, redis, up: (store, isUp) => (up[store] = isUp) });
    await Promise.all([ofDurable?.take(), ofCache?.take()]);
    expect(up).toEqual({ 'redis-durable': true, 'redis-cache': true });
    expect(await valuesOf(metrics, 'turnpike_worker_redis_aof_write_ok')).toEqual({ durable: 1 });
    const used = await valuesOf(metrics, 'turnpike_worker_redis_memory_used_bytes');
    expect(Object.keys(used).toSorted()).toEqual(['cache', 'durable']);
    expect(used['durable']).toBeGreaterThan(100_000);
    for (const name of ['memory_limit_bytes', 'clients', 'commands', 'evicted_keys', 'aof_size_bytes']) {
      expect([name, await valuesOf(metrics, `turnpike_worker_redis_${name}`)]).toEqual([
        name,
        expect.objectContaining({ durable: expect.any(Number) }),
      ]);
    }
    ofDurable?.forget();
    expect(up['redis-durable']).toBe(false);
    expect(Object.keys(await valuesOf(metrics, 'turnpike_worker_redis_memory_used_bytes'))).toEqual(['cache']);
    expect(await valuesOf(metrics, 'turnpike_worker_redis_aof_write_ok')).toEqual({});
  });

  test('count connections by what they do, those who wait for one, and those that broke', async () => {
    const metrics = newMetrics();
    const connection = durable.open('commands');
    await connection.ping();
    let waiting = 0;
    watchConnections(metrics, {
      postgres: () => ({ used: 2, idle: 3, waiting, limit: 8 }),
      redis: { durable: [durable.redis, connection] },
    });
    expect(await valuesOf(metrics, 'turnpike_postgres_pool_connections')).toEqual({ used: 2, idle: 3 });
    waiting = 4;
    expect(await valuesOf(metrics, 'turnpike_postgres_pool_waiting')).toEqual({ '': 4 });
    expect(await valuesOf(metrics, 'turnpike_postgres_pool_limit')).toEqual({ '': 8 });
    expect(await valuesOf(metrics, 'turnpike_redis_connections')).toEqual({ 'durable ready': 2, 'durable away': 0 });
    expect(await valuesOf(metrics, 'turnpike_redis_connection_losses_total')).toEqual({ durable: 0 });
    const closed = new Promise((resolve) => connection.once('close', resolve));
    connection.disconnect();
    await closed;
    expect(await valuesOf(metrics, 'turnpike_redis_connections')).toEqual({ 'durable ready': 1, 'durable away': 1 });
    expect(await valuesOf(metrics, 'turnpike_redis_connection_losses_total')).toEqual({ durable: 1 });
  });
});
