import { systemClock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { accessRows, TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { z } from 'zod';
import { readApiConfig } from '../../apps/api/src/config.js';
import { createApiContext } from '../../apps/api/src/context.js';
import { readRadiusConfig } from '../../apps/radius/src/config.js';
import { createRadiusContext } from '../../apps/radius/src/context.js';
import { startDaraja } from '../../apps/simulator/src/daraja/daraja.js';
import { startSimulatedRouter, type SimulatedRouter } from '../../apps/simulator/src/fleet.js';
import { makeReadyHotspot } from '../../apps/simulator/src/ready-hotspot.js';
import { readWorkerConfig } from '../../apps/worker/src/config.js';
import { createWorkerContext } from '../../apps/worker/src/context.js';
import { until } from './until.js';

/** All three kinds of process in this one, a router with phones, and M-Pesa. */
export interface TracedSystem {
  readonly db: Db;
  readonly router: SimulatedRouter;
  readonly routerId: string;
  /** Of the API. */
  readonly base: string;
  readonly mpesaUrl: string;
  /** Texts that must be in no span. */
  readonly secrets: readonly string[];
  /** Asks to buy an hour; `traceparent` of the answer. `base`: of another API. */
  buy(
    msisdn: string,
    traceparent?: string,
    base?: string,
  ): Promise<{ readonly reference: string; readonly traceparent: string | null }>;
  /** Resolves when it is paid for, with what to log in with. */
  paid(reference: string): Promise<{ username: string; password: string }>;
  startAnother(tracing: Tracing): Promise<{ readonly base: string; stop(): Promise<void> }>;
  close(): Promise<void>;
}

const SECRET = 'the secret of this router';
const PAID_MS = 60_000;
const MPESA = {
  shortcode: '174379',
  consumerKey: 'key-of-mpesa',
  consumerSecret: 'secret-of-mpesa',
  passkey: 'passkey',
};
const started = z.object({ reference: z.string() });
const purchase = z.object({
  status: z.string(),
  credentials: z.object({ username: z.string(), password: z.string() }).optional(),
});

export async function openTracedSystem(
  tracing: Readonly<Record<'api' | 'worker' | 'radius', Tracing>>,
): Promise<TracedSystem> {
  const [store, durable, cache, mpesa, router] = await Promise.all([
    openTestDatabase({ maxConnections: 10 }),
    openTestRedis('durable'),
    openTestRedis('cache'),
    startDaraja({ port: 0, seed: 1, ...MPESA }),
    startSimulatedRouter({ version: '7.22', name: 'traced', tls: false }),
  ]);
  const { db } = store.database;
  const { prefix } = durable;
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  const metrics = (role: string) => createMetrics({ role, instance: '0', processMetrics: false });
  const stopping = new AbortController();
  const env = {
    DATABASE_URL: store.url,
    REDIS_DURABLE_URL: durable.url,
    REDIS_CACHE_URL: cache.url,
    ENCRYPTION_KEYS: TEST_KEY,
    TOKEN_PEPPER: 'p'.repeat(32),
    PORT: '0',
    RADIUS_HOST: '127.0.0.1',
    RADIUS_AUTH_PORT: '0',
    RADIUS_ACCT_PORT: '0',
    ROUTER_ALLOW_LOOPBACK: 'true',
    DARAJA_URL: mpesa.url,
    DARAJA_CONSUMER_KEY: MPESA.consumerKey,
    DARAJA_CONSUMER_SECRET: MPESA.consumerSecret,
    DARAJA_SHORTCODE: MPESA.shortcode,
    DARAJA_PASSKEY: MPESA.passkey,
    LOG_LEVEL: 'silent',
  };
  const startApi = async (own: Tracing) => {
    const context = createApiContext({
      config: readApiConfig(env),
      logger,
      metrics: metrics('api'),
      tracing: own,
      clock: systemClock,
      stopping: stopping.signal,
      prefix,
      lameMs: 0,
    });
    return { base: `http://127.0.0.1:${(await context.start()).port}`, stop: context.stop };
  };
  const api = await startApi(tracing.api);
  const common = { logger, prefix };
  const radius = createRadiusContext({
    ...common,
    config: readRadiusConfig(env),
    metrics: metrics('radius'),
    tracing: tracing.radius,
  });
  const rows = accessRows(db);
  const routerId = await rows.router(router.nasAddress, SECRET, {
    address: router.host,
    apiPort: router.apiPort,
    apiUsername: router.username,
  });
  const box = new SecretBox([TEST_KEY]);
  const apiPassword = box.seal(router.password, { table: 'router', row: routerId, column: 'api_password' });
  await db.router.update({ where: { id: routerId }, data: { apiPassword } });
  const { authPort, acctPort } = await radius.start();
  makeReadyHotspot(router, { host: '127.0.0.1', authPort: authPort ?? 0, acctPort: acctPort ?? 0, secret: SECRET });
  const worker = createWorkerContext({
    ...common,
    config: readWorkerConfig({ ...env, PUBLIC_URL: api.base }),
    metrics: metrics('worker'),
    tracing: tracing.worker,
  });
  await worker.start();
  const { id: packageId } = await db.package.create({
    data: {
      name: 'Hour',
      type: 'hotspot',
      priceMinor: 1_000,
      currency: 'KES',
      validForSeconds: 3_600,
      downKbps: 5_000,
      upKbps: 1_000,
    },
  });
  const learnt = [SECRET, MPESA.consumerSecret, MPESA.passkey];

  return {
    db,
    router,
    routerId,
    base: api.base,
    mpesaUrl: mpesa.url,
    secrets: learnt,
    buy: async (msisdn, traceparent, base = api.base) => {
      const response = await fetch(`${base}/api/v1/portal/purchases`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(traceparent === undefined ? {} : { traceparent }) },
        body: JSON.stringify({ packageId, msisdn, nas: routerId }),
      });
      const body: unknown = await response.json();
      if (response.status !== 201) throw new Error(`the purchase was refused: ${JSON.stringify(body)}`);
      return { ...started.parse(body), traceparent: response.headers.get('traceparent') };
    },
    paid: (reference) =>
      until('the payment', PAID_MS, async () => {
        const response = await fetch(`${api.base}/api/v1/portal/purchases/${reference}`);
        const { credentials } = purchase.parse(await response.json());
        if (credentials !== undefined) learnt.push(credentials.password);
        return credentials;
      }),
    startAnother: startApi,
    async close() {
      await router.stop();
      await worker.stop();
      await radius.stop();
      await api.stop();
      await mpesa.stop();
      await Promise.all([durable.close(), cache.close()]);
      await store.drop();
    },
  };
}
