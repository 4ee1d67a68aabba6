import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { accessRows, TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { createNasPeer, type NasPeer } from '@turnpike/testkit/nas-peer.js';
import { openStoreProxy, type StoreProxy } from '@turnpike/testkit/store-proxy.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { readRadiusConfig } from './config.js';
import { createRadiusContext, type RadiusContext } from './context.js';

const ADDRESS = '127.0.62.1';

let store: TestDatabase;
let redis: TestRedis;
let proxies: { postgres: StoreProxy; redis: StoreProxy };
let context: RadiusContext;
let nas: NasPeer;

beforeAll(async () => {
  store = await openTestDatabase();
  redis = await openTestRedis('durable');
  proxies = { postgres: await openStoreProxy(store.url), redis: await openStoreProxy(redis.url) };
  await accessRows(store.database.db).router(ADDRESS, 'secret');
  context = createRadiusContext({
    config: readRadiusConfig({
      DATABASE_URL: proxies.postgres.url,
      REDIS_DURABLE_URL: proxies.redis.url,
      ENCRYPTION_KEYS: TEST_KEY,
      RADIUS_HOST: '127.0.0.1',
      RADIUS_AUTH_PORT: '0',
      RADIUS_ACCT_PORT: '0',
      LOG_LEVEL: 'silent',
    }),
    logger: createLogger({ level: 'silent', role: 'radius', instance: 'test' }),
    metrics: createMetrics({ role: 'radius', instance: 'test', processMetrics: false }),
    prefix: redis.prefix,
  });
  const bound = await context.start();
  const ports = { authPort: bound.authPort ?? 0, acctPort: bound.acctPort ?? 0 };
  nas = createNasPeer({ address: ADDRESS, secret: 'secret', ...ports, timeoutMs: 100, tries: 1 });
});

afterAll(async () => {
  await nas.close();
  await context.stop();
  await Promise.all([proxies.postgres.close(), proxies.redis.close()]);
  await redis.close();
  await store.drop();
});

async function answers(): Promise<boolean[]> {
  const outcomes = [await nas.status('auth'), await nas.status('acct')];
  return outcomes.map(({ kind }) => kind === 'reply');
}

async function until(wanted: boolean): Promise<void> {
  while (!(await answers()).every((answered) => answered === wanted)) await new Promise(setImmediate);
}

describe('Status-Server', () => {
  test('R18: is answered while one store answers, not while none does, and again once one is back', async () => {
    expect(await answers()).toEqual([true, true]);
    proxies.redis.cut();
    await expect(context.ready()).resolves.toMatchObject({ ok: true });
    while ((await context.ready()).checks['redis'] === 'ok') await new Promise(setImmediate);
    for (let round = 0; round < 20; round += 1) expect(await answers()).toEqual([true, true]);
    proxies.postgres.cut();
    await until(false);
    expect((await context.ready()).ok).toBe(false);
    proxies.postgres.restore();
    await until(true);
    proxies.redis.restore();
  });
});
