import { createLogger } from '@turnpike/runtime/logger.js';
import { createCache, type Cache } from '@turnpike/runtime/cache.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { openRouterRig, type RouterRig } from '../routers/router-rig.js';
import { createDashboardService } from './dashboard.service.js';

let rig: RouterRig;
let redis: TestRedis;
const caches: Cache[] = [];

async function openProcess(): Promise<Cache> {
  const cache = createCache({
    redisUrl: redis.url,
    prefix: redis.prefix,
    metrics: createMetrics({ role: 'test', instance: 'test', processMetrics: false }),
    logger: createLogger({ level: 'silent', role: 'test', instance: 'test' }),
  });
  await cache.started();
  caches.push(cache);
  return cache;
}

beforeAll(async () => {
  [rig, redis] = await Promise.all([openRouterRig(), openTestRedis('cache')]);
});

afterAll(async () => {
  await Promise.all(caches.map((cache) => cache.close()));
  await redis.close();
  await rig.close();
});

test('200 who ask two processes at the same moment for what is not cached cost each process one reading at most', async () => {
  const reads = new Map<string, number>();
  const counting = rig.db.$extends({
    query: {
      $queryRaw: ({ args, query }) => {
        const key = args.strings.join('?').replace(/\s+/g, ' ').slice(0, 60);
        reads.set(key, (reads.get(key) ?? 0) + 1);
        return query(args);
      },
    },
  });
  const db = { ...rig.db, $queryRaw: counting.$queryRaw.bind(counting) };
  const processes = [await openProcess(), await openProcess()].map((cache) =>
    createDashboardService({
      db,
      cache,
      clock: rig.clock,
      timeZone: () => 'Africa/Nairobi',
      oldestJobSeconds: async () => null,
      rates: async () => ({ tps: null, cacheHitRate: null }),
    }),
  );
  const asked = Array.from({ length: 100 }, () => processes.map((dashboard) => dashboard.stats(null))).flat();
  expect(await Promise.all(asked)).toHaveLength(200);
  expect(reads.size).toBeGreaterThanOrEqual(5);
  expect(Math.max(...reads.values())).toBeLessThanOrEqual(2);
});
