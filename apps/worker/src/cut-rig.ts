import { v7 as uuidv7 } from 'uuid';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { createCustomersService } from '@turnpike/features/customers/customers.service.js';
import { createEntitlementsService } from '@turnpike/features/entitlements/entitlements.service.js';
import { outboxWake } from '@turnpike/features/outbox/outbox-wake.js';
import { createPackagesService } from '@turnpike/features/packages/packages.service.js';
import { endSessions } from '@turnpike/features/sessions/session-ender.js';
import { createSessionsService } from '@turnpike/features/sessions/sessions.service.js';
import { createCache } from '@turnpike/runtime/cache.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { accessRows, TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { readRadiusConfig } from '../../radius/src/config.js';
import { createRadiusContext } from '../../radius/src/context.js';
import { startSimulatedRouter } from '../../simulator/src/fleet.js';
import type { Phone } from '../../simulator/src/phones/phone.js';
import { makeReadyHotspot } from '../../simulator/src/ready-hotspot.js';
import { readWorkerConfig } from './config.js';
import { createWorkerContext } from './context.js';

export type CutRig = Awaited<ReturnType<typeof openCutRig>>;

const SECRET = 'the secret of this router';
export const byOperator = { actor: 'operator-1', requestId: 'request-1' };

/** Everything between a phone and the ledger: a simulated router with RADIUS and API, both RADIUS servers, and a worker. */
export async function openCutRig() {
  const [store, durable, cacheRedis] = await Promise.all([
    openTestDatabase({ maxConnections: 10 }),
    openTestRedis('durable'),
    openTestRedis('cache'),
  ]);
  const { db, transact } = store.database;
  const { prefix } = durable;
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  const metrics = createMetrics({ role: 'test', instance: '0', processMetrics: false });
  const env = {
    DATABASE_URL: store.url,
    REDIS_DURABLE_URL: durable.url,
    REDIS_CACHE_URL: cacheRedis.url,
    ENCRYPTION_KEYS: TEST_KEY,
    LOG_LEVEL: 'silent',
  };
  const rows = accessRows(db);
  const router = await startSimulatedRouter({ version: '7.22', name: 'cut', tls: false });
  const routerId = await rows.router(router.nasAddress, SECRET, {
    address: router.host,
    apiPort: router.apiPort,
    apiUsername: router.username,
    radiusRateLimit: 0,
  });
  const box = new SecretBox([TEST_KEY]);
  const apiPassword = box.seal(router.password, { table: 'router', row: routerId, column: 'api_password' });
  await db.router.update({ where: { id: routerId }, data: { apiPassword } });
  const radius = createRadiusContext({
    config: readRadiusConfig({
      ...env,
      RADIUS_HOST: '127.0.0.1',
      RADIUS_AUTH_PORT: '0',
      RADIUS_ACCT_PORT: '0',
      RADIUS_REJECT_DELAY_MS: '0',
    }),
    logger,
    metrics,
    prefix,
  });
  const { authPort, acctPort } = await radius.start();
  makeReadyHotspot(router, {
    host: '127.0.0.1',
    authPort: authPort ?? 0,
    acctPort: acctPort ?? 0,
    secret: SECRET,
  });
  const worker = createWorkerContext({
    config: readWorkerConfig({ ...env, ROUTER_ALLOW_LOOPBACK: 'true' }),
    logger,
    metrics: createMetrics({ role: 'worker', instance: '0', processMetrics: false }),
    prefix,
  });
  await worker.start();
  const wake = outboxWake(durable.redis, prefix);
  const cache = createCache({ redisUrl: cacheRedis.url, prefix, metrics, logger });
  const clock = systemClock;
  const live = { publish: () => undefined };
  const customers = createCustomersService({ db, transact, secretBox: box, endSessions, wake });
  const packages = createPackagesService({ db, transact, cache });
  return {
    db,
    router,
    routerId,
    customers,
    packages,
    entitlements: createEntitlementsService({ db, transact, customers, packages, endSessions, wake, clock }),
    sessions: createSessionsService({ db, transact, endSessions, live, wake, clock }),
    /** A customer with access, as the API would have granted it. */
    async customer(username: string, terms: Parameters<typeof rows.entitlement>[1] = {}) {
      const customerId = await rows.customer(username, 'password');
      return { username, customerId, entitlementId: await rows.entitlement(customerId, terms) };
    },
    /** A customer who has bought nothing yet. */
    stranger: (username: string) => rows.customer(username, 'password'),
    /** Sessions that a router had that nothing answers for any more, neither RADIUS nor API. */
    async sessionsOnDeadRouter(count: number, owner: { customerId: string; entitlementId: string }): Promise<string[]> {
      const deadId = await rows.router('127.0.77.77', SECRET);
      const now = new Date();
      const data = Array.from({ length: count }, (_none, index) => {
        const id = uuidv7();
        const acctSessionId = (0x80000001 + index).toString(16);
        return {
          id,
          key: `c.${id}`,
          acctSessionId,
          routerId: deadId,
          username: 'dead-end',
          startedAt: now,
          lastSeenAt: now,
        };
      });
      await db.session.createMany({ data: data.map((row) => ({ ...row, ...owner })) });
      return data.map((row) => row.id);
    },
    /** Logs in at the hotspot; gives the phone. */
    async online(username: string): Promise<Phone> {
      const phone = router.phone();
      const { online, message } = await phone.login({ username, password: 'password' });
      if (!online) throw new Error(`${username} was not let in: ${message}`);
      return phone;
    },
    async close(): Promise<void> {
      await router.stop();
      await worker.stop();
      await radius.stop();
      await cache.close();
      await Promise.all([durable.close(), cacheRedis.close()]);
      await store.drop();
    },
  };
}
