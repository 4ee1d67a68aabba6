import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { accessJobs } from '@turnpike/features/access/access.jobs.js';
import { createDecisionLog, strangerHash } from '@turnpike/features/access/decision-log.js';
import { createDeviceLeases } from '@turnpike/features/access/device-lease.js';
import { createSubjectCache } from '@turnpike/features/access/subject-cache.js';
import { ensureFirstOperator } from '@turnpike/features/operators/first-operator.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { readApiConfig } from './config.js';
import { createApiContext, type ApiContext } from './context.js';

const OWNER = { email: 'owner@example.net', password: 'a long enough password', name: 'Owner' };
const MAC = '02:AA:BB:CC:DD:01';

let postgres: TestDatabase;
let durable: TestRedis;
let cache: TestRedis;
let api: ApiContext;
let rows: AccessRows;
let base: string;
let token: string | undefined;
let routerId: string;
const stopping = new AbortController();

beforeAll(async () => {
  [postgres, durable, cache] = await Promise.all([
    openTestDatabase(),
    openTestRedis('durable'),
    openTestRedis('cache'),
  ]);
  await postgres.database.transact((tx) => ensureFirstOperator(tx, OWNER));
  rows = accessRows(postgres.database.db);
  routerId = await rows.router('10.0.0.1', 'secret of a router', { name: 'Market square', site: 'Market' });
  api = createApiContext({
    config: readApiConfig({
      DATABASE_URL: postgres.url,
      REDIS_DURABLE_URL: durable.url,
      REDIS_CACHE_URL: cache.url,
      ENCRYPTION_KEYS: TEST_KEY,
      TOKEN_PEPPER: 'p'.repeat(32),
      PORT: '0',
    }),
    logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
    metrics: createMetrics({ role: 'test', instance: '0', processMetrics: false }),
    clock: systemClock,
    stopping: stopping.signal,
    prefix: durable.prefix,
    lameMs: 0,
  });
  base = `http://127.0.0.1:${(await api.start()).port}/api/v1`;
  const answer = await call('POST', '/auth/login', { email: OWNER.email, password: OWNER.password });
  token = String(answer.body['token']);
});

afterAll(async () => {
  await api.stop();
  await Promise.all([postgres.drop(), durable.close(), cache.close()]);
});

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(base + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const parsed: Record<string, unknown> = JSON.parse(await response.text());
  return { status: response.status, body: parsed };
}

const decisionLog = () =>
  createDecisionLog({
    redis: durable.redis,
    prefix: durable.prefix,
    hashName: strangerHash(new SecretBox([TEST_KEY])),
  });

const note = (outcome: 'wrong_password' | 'unknown_user') =>
  ({ at: Date.now() - 60_000, routerId, method: 'chap', outcome, device: MAC }) as const;

describe('why a customer cannot get online', () => {
  test('is answered in sentences, with the last decisions, the devices and the sessions', async () => {
    const { db } = postgres.database;
    const customerId = await rows.customer('asha', 'password');
    const entitlementId = await rows.entitlement(customerId, { devices: 2 });
    await db.customerDevice.create({ data: { customerId, mac: MAC, name: 'Phone' } });
    const subjects = createSubjectCache(durable.redis, durable.prefix);
    await accessJobs({ db, cache: subjects })['subject.refresh']({ customerId });
    const leases = createDeviceLeases({ redis: durable.redis, prefix: durable.prefix, leaseMs: 60_000 });
    const customer = { id: customerId, revision: 1, mayBeAhead: false };
    await leases.take({ entitlementId, device: MAC, sessionKey: 'c.1', limit: 2, customer, note: '' });
    const log = decisionLog();
    log.refused({ customerId }, note('wrong_password'));
    await log.stop();
    const times = { startedAt: new Date(), lastSeenAt: new Date() };
    await db.session.create({
      data: { key: 'c.1', acctSessionId: '8', routerId, username: 'asha', customerId, entitlementId, ...times },
    });

    const { status, body } = await call('GET', `/customers/${customerId}/why`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      customerId,
      username: 'asha',
      verdict: 'wrong_password',
      lastDecisions: [
        {
          outcome: 'wrong_password',
          method: 'chap',
          device: MAC,
          router: { id: routerId, name: 'Market square' },
          message: 'A login at Market square was refused: the password was wrong.',
        },
      ],
      devicesOnline: [{ device: MAC, name: 'Phone' }],
      openSessions: [{ username: 'asha', state: 'open', router: { name: 'Market square' } }],
    });
    expect(body['message']).toMatch(/^The last login of asha, at .+ the password was wrong .+; otherwise asha may go/);
    expect(body['remedy']).toMatch(/password/);

    await call('POST', `/customers/${customerId}/suspend`);
    expect((await call('GET', `/customers/${customerId}/why`)).body).toMatchObject({
      verdict: 'suspended',
      message: 'asha cannot go online: the customer is suspended.',
    });
  });

  test('of a customer who does not exist is 404, and of a name that nobody has the refusals are found', async () => {
    expect((await call('GET', '/customers/0190c6d5-7a1e-7000-8000-0000000000aa/why')).status).toBe(404);
    const log = decisionLog();
    log.refused({ username: Buffer.from('misspelt') }, note('unknown_user'));
    await log.stop();
    expect(await call('GET', '/access/decisions?username=misspelt')).toMatchObject({
      status: 200,
      body: {
        customerId: null,
        message: 'Nobody has this username; one login with it: the newest first.',
        items: [{ outcome: 'unknown_user', router: { name: 'Market square' } }],
      },
    });
    const other = await call('GET', '/access/decisions?username=nobody');
    expect(other.body['items']).toEqual([]);
  });
});
