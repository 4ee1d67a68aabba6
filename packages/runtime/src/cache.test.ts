import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createCache, type Cache } from './cache.js';
import { createLogger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });

/** Stands between cache and Redis; `hang` swallows everything as a stopped server would. */
async function openGate(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let hanging = false;
  const serve = (client: Socket): void => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => hanging || upstream.write(data));
    upstream.on('data', (data) => hanging || client.write(data));
  };
  let server: Server = createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const through = new URL(url);
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    url: through.href,
    hang: () => {
      hanging = true;
    },
    restore: async () => {
      hanging = false;
      server = createServer(serve);
      server.listen(Number(through.port), '127.0.0.1');
      await once(server, 'listening');
    },
    cut: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

describe('the cache', () => {
  let store: TestRedis;
  const opened: Cache[] = [];

  const newMetrics = () => createMetrics({ role: 'test', instance: 'test', processMetrics: false });

  async function openCache(options: { url?: string; prefix?: string; metrics?: Metrics } = {}): Promise<Cache> {
    const cache = createCache({
      redisUrl: options.url ?? store.url,
      prefix: options.prefix ?? store.prefix,
      metrics: options.metrics ?? newMetrics(),
      logger,
    });
    opened.push(cache);
    await cache.started();
    return cache;
  }

  beforeAll(async () => {
    store = await openTestRedis('cache');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cache) => cache.close()));
    await store.flush();
  });
  afterAll(() => store.close());

  test('one invalidation of a key that two processes read all the time costs each a load or two, not one after the other', async () => {
    const caches = [await openCache(), await openCache()];
    let loads = 0;
    let reading = true;
    const read = async (cache: Cache): Promise<void> => {
      while (reading) {
        await cache.getOrSet('hot', { ttlMs: 60_000 }, async () => (loads += 1));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const readers = caches.map(read);
    const [first] = caches;
    await first?.getOrSet('hot', { ttlMs: 60_000 }, async () => (loads += 1));
    await first?.invalidate(['hot']);
    // Longer than a value may still be on its way into Redis.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const settledAt = loads;
    await first?.invalidate(['hot']);
    await new Promise((resolve) => setTimeout(resolve, 500));
    reading = false;
    await Promise.all(readers);
    expect(settledAt).toBeLessThanOrEqual(8);
    expect(loads - settledAt).toBeLessThanOrEqual(4);
  });

  test('200 callers of one key at once cause one load', async () => {
    const cache = await openCache();
    let loads = 0;
    const load = async () => {
      loads += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return { price: 50 };
    };
    const values = await Promise.all(
      Array.from({ length: 200 }, () => cache.getOrSet('plan', { ttlMs: 60_000 }, load)),
    );
    expect(loads).toBe(1);
    expect(new Set(values.map((value) => value.price))).toEqual(new Set([50]));
    expect(await cache.getOrSet('plan', { ttlMs: 60_000 }, load)).toEqual({ price: 50 });
    expect(loads).toBe(1);
  });

  test('a second process finds the value in Redis', async () => {
    const [one, two] = [await openCache(), await openCache()];
    await one.getOrSet('k', { ttlMs: 60_000 }, async () => 'from one');
    expect(await two.getOrSet('k', { ttlMs: 60_000 }, async () => 'from two')).toBe('from one');
  });

  async function waitFor(read: () => Promise<string>, wanted: string, withinMs = 2_000): Promise<number> {
    const startedMs = performance.now();
    while ((await read()) !== wanted) {
      if (performance.now() - startedMs > withinMs) throw new Error(`never became ${wanted}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return performance.now() - startedMs;
  }

  test('invalidating a key or a tag reaches the memory of another process within 100 ms', async () => {
    const [one, two] = [await openCache(), await openCache()];
    let row = 'old';
    const read = (cache: Cache) => () => cache.getOrSet('row', { ttlMs: 60_000, tags: ['rows'] }, async () => row);
    expect([await read(one)(), await read(two)()]).toEqual(['old', 'old']);
    row = 'new';
    await one.invalidate(['row']);
    expect(await waitFor(read(two), 'new')).toBeLessThan(100);
    expect(await read(one)()).toBe('new');
    row = 'newest';
    await two.invalidateTags(['rows']);
    expect(await read(two)()).toBe('newest');
    expect(await waitFor(read(one), 'newest')).toBeLessThan(100);
  });

  test('clear empties every process and Redis', async () => {
    const [one, two] = [await openCache(), await openCache()];
    await one.getOrSet('row', { ttlMs: 60_000 }, async () => 'old');
    await two.getOrSet('row', { ttlMs: 60_000 }, async () => 'old');
    await one.clear();
    expect(await waitFor(() => two.getOrSet('row', { ttlMs: 60_000 }, async () => 'new'), 'new')).toBeLessThan(100);
    expect(await one.getOrSet('row', { ttlMs: 60_000 }, async () => 'new')).toBe('new');
  });

  test('a value read before an invalidation is not kept, and nobody who asks afterwards gets it', async () => {
    const cache = await openCache();
    let finishRead = (_value: string): void => undefined;
    let first: Promise<string> = Promise.resolve('');
    await new Promise<void>((reading) => {
      first = cache.getOrSet('row', { ttlMs: 60_000 }, () => {
        reading();
        return new Promise<string>((resolve) => {
          finishRead = resolve;
        });
      });
    });
    await cache.invalidate(['row']);
    const second = cache.getOrSet('row', { ttlMs: 60_000 }, async () => 'new');
    finishRead('old');
    expect([await first, await second]).toEqual(['old', 'new']);
    expect(await cache.getOrSet('row', { ttlMs: 60_000 }, async () => 'unasked')).toBe('new');
  });

  test('errors of the load pass through unchanged, once for all who wait, and are not kept', async () => {
    const cache = await openCache();
    const broken = new Error('no such row');
    let loads = 0;
    const fail = async (): Promise<string> => {
      loads += 1;
      throw broken;
    };
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => cache.getOrSet('k', { ttlMs: 60_000 }, fail)),
    );
    expect(results.every((result) => result.status === 'rejected' && result.reason === broken)).toBe(true);
    expect(loads).toBe(1);
    expect(await cache.getOrSet('k', { ttlMs: 60_000 }, async () => 'fine')).toBe('fine');
  });

  test('D2: a Redis that hangs costs one short wait, then none, and every load is answered', async () => {
    const gate = await openGate(store.url);
    const cache = await openCache({ url: gate.url });
    await cache.getOrSet('warm', { ttlMs: 60_000 }, async () => 1);
    gate.hang();
    const startedMs = performance.now();
    expect(await cache.getOrSet('a', { ttlMs: 60_000 }, async () => 'a')).toBe('a');
    expect(performance.now() - startedMs).toBeLessThan(400);
    const againMs = performance.now();
    for (let n = 0; n < 20; n += 1) expect(await cache.getOrSet(`b${n}`, { ttlMs: 60_000 }, async () => n)).toBe(n);
    expect(performance.now() - againMs).toBeLessThan(200);
    expect((await cache.stats()).usedMemoryBytes).toBe(0);
    await gate.cut();
  });

  test('D2: a Redis that is gone breaks neither reads nor invalidations', async () => {
    const gate = await openGate(store.url);
    const cache = await openCache({ url: gate.url });
    await gate.cut();
    const startedMs = performance.now();
    let row = 'old';
    const read = () => cache.getOrSet('k', { ttlMs: 60_000, tags: ['t'] }, async () => row);
    expect(await read()).toBe('old');
    row = 'new';
    await cache.invalidate(['k']);
    expect(await read()).toBe('new');
    row = 'newest';
    await cache.invalidateTags(['t']);
    expect(await read()).toBe('newest');
    await cache.clear();
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });

  test('D2: what was written while Redis was away is out of date nowhere when it is back', async () => {
    const gate = await openGate(store.url);
    const [writer, reader] = [await openCache({ url: gate.url }), await openCache()];
    let row = 'old';
    const read = (cache: Cache) => () => cache.getOrSet('row', { ttlMs: 60_000, tags: ['rows'] }, async () => row);
    expect([await read(writer)(), await read(reader)()]).toEqual(['old', 'old']);
    await gate.cut();
    row = 'new';
    await writer.invalidateTags(['rows']);
    expect(await read(writer)()).toBe('new');
    await gate.restore();
    await waitFor(read(reader), 'new', 5_000);
    expect(await read(writer)()).toBe('new');
    await writer.started();
    await gate.cut();
  });

  test('D2: a process that cannot hear of writes gives nothing from memory', async () => {
    const gate = await openGate(store.url);
    const [writer, reader] = [await openCache(), await openCache({ url: gate.url })];
    let row = 'old';
    const read = (cache: Cache) => () => cache.getOrSet('row', { ttlMs: 60_000, tags: ['rows'] }, async () => row);
    expect([await read(reader)(), await read(reader)()]).toEqual(['old', 'old']);
    gate.hang();
    row = 'new';
    await writer.invalidateTags(['rows']);
    await waitFor(read(reader), 'new');
    expect(reader.isTrusted()).toBe(false);
    await gate.cut();
  });

  test('tells hits, misses and the state of Redis', async () => {
    const cache = await openCache();
    for (let n = 0; n < 4; n += 1) await cache.getOrSet('k', { ttlMs: 60_000 }, async () => 1);
    const stats = await cache.stats();
    expect(stats).toMatchObject({ hits: 3, misses: 1, hitRate: 0.75 });
    expect(stats.usedMemoryBytes).toBeGreaterThan(0);
  });

  test('S13: counts reads by the first word of their keys, of which there are few whatever the keys are', async () => {
    const metrics = newMetrics();
    const cache = await openCache({ metrics });
    const read = (key: string) => cache.getOrSet(key, { ttlMs: 60_000 }, async () => 1);
    for (const key of ['packages:list:50', 'packages:list:50', 'packages:7', '0190:x']) await read(key);
    for (let n = 0; n < 40; n += 1) await read(`${'abcdefghijklmnopqrst'.charAt(n % 20)}${n < 20 ? 'x' : 'y'}:1`);
    const { values } = (await metrics.registry.getSingleMetric('turnpike_cache_requests_total')?.get()) ?? {
      values: [],
    };
    const counts = new Map(values.map(({ labels, value }) => [`${labels['cache']} ${labels['outcome']}`, value]));
    expect([counts.get('packages hit'), counts.get('packages miss')]).toEqual([1, 2]);
    expect(counts.get('other miss')).toBeGreaterThan(15);
    expect(new Set(values.map(({ labels }) => labels['cache'])).size).toBeLessThanOrEqual(21);
  });
});
