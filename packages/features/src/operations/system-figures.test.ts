import type { Prisma } from '@turnpike/db/generated/client.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { accountingBacklog, systemFigures } from './system-figures.js';

let store: TestDatabase;
let redis: TestRedis;

beforeAll(async () => {
  [store, redis] = await Promise.all([openTestDatabase(), openTestRedis('durable')]);
});
afterAll(() => Promise.all([store.drop(), redis.close()]));

const newMetrics = () => createMetrics({ role: 'worker', instance: '0', processMetrics: false });

async function valuesOf(metrics: ReturnType<typeof newMetrics>, name: string): Promise<Record<string, number>> {
  const found = await metrics.registry.getSingleMetric(name)?.get();
  return Object.fromEntries(
    (found?.values ?? []).map(({ labels, value }) => [Object.values(labels).map(String).join(' '), value]),
  );
}

describe('the figures of the whole system', () => {
  test('count routers, sessions, payments and what waits, and say what PostgreSQL says of itself', async () => {
    const { db } = store.database;
    const secrets = { apiPassword: 'sealed', radiusSecret: 'sealed', apiPort: 8728, apiUsername: 'a' };
    for (const [index, status] of (['online', 'online', 'offline', 'pending'] as const).entries()) {
      await db.router.create({ data: { name: `r${index}`, status, ...secrets } });
    }
    await db.router.create({ data: { name: 'gone', status: 'offline', deletedAt: new Date(), ...secrets } });
    const router = await db.router.findFirstOrThrow({ where: { name: 'r0' } });
    const terms = { type: 'pppoe', downKbps: 1, upKbps: 1, devices: 1 } as const;
    const customer = await db.customer.create({ data: { username: 'amina', password: 'x' } });
    const sold = await db.package.create({
      data: { name: 'P', priceMinor: 1, currency: 'KES', validForSeconds: 60, ...terms },
    });
    const now = new Date();
    const entitlement = await db.entitlement.create({
      data: {
        ...terms,
        customerId: customer.id,
        packageId: sold.id,
        packageName: 'P',
        grantedBy: 'x',
        startsAt: now,
        endsAt: now,
      },
    });
    const session = (key: string, more: Partial<Prisma.SessionUncheckedCreateInput>) => ({
      key,
      acctSessionId: key,
      routerId: router.id,
      username: 'u',
      startedAt: now,
      lastSeenAt: now,
      ...more,
    });
    await db.session.createMany({
      data: [
        session('1', { state: 'open', entitlementId: entitlement.id }),
        session('2', { state: 'closing', entitlementId: entitlement.id }),
        session('3', { state: 'stale', entitlementId: entitlement.id }),
        session('4', { state: 'closed', entitlementId: entitlement.id }),
        session('5', { state: 'open' }),
        session('6', { state: 'open', service: 'hotspot' }),
      ],
    });
    await db.payment.createMany({
      data: (['created', 'review', 'review', 'succeeded', 'failed'] as const).map((state, index) => ({
        reference: `p${index}`,
        provider: 'mpesa',
        state,
        purpose: 'package',
        amountMinor: 1n,
        currency: 'KES',
        createdBy: 'portal',
      })),
    });
    const old = new Date(now.getTime() - 90_000);
    await db.outboxMessage.createMany({
      data: [
        { job: 'a', payload: {}, createdAt: old },
        { job: 'a', payload: {}, createdAt: now },
        { job: 'a', payload: {}, createdAt: old, publishedAt: now },
      ],
    });

    const metrics = newMetrics();
    const up: boolean[] = [];
    const samples = systemFigures({ db, metrics, up: (_store, isUp) => up.push(isUp) });
    await Promise.all(samples.map((sample) => sample.take()));
    const values = (name: string) => valuesOf(metrics, `turnpike_worker_${name}`);
    expect(await values('routers')).toEqual({ pending: 1, online: 2, offline: 1 });
    expect(await values('sessions')).toEqual({
      'hotspot online': 1,
      'hotspot stale': 0,
      'pppoe online': 2,
      'pppoe stale': 1,
      'unknown online': 1,
      'unknown stale': 0,
    });
    expect(await values('payments_open')).toEqual({ created: 1, requested: 0, timed_out: 0, review: 2 });
    expect(await values('outbox_waiting')).toEqual({ '': 2 });
    expect((await values('outbox_oldest_seconds'))['']).toBeGreaterThanOrEqual(89);
    expect(await values('accounting_rows_waiting')).toEqual({ '': 0 });
    expect((await values('postgres_connections'))['']).toBeGreaterThan(0);
    expect((await values('postgres_connections_limit'))['']).toBeGreaterThan(10);
    expect((await values('postgres_database_size_bytes'))['']).toBeGreaterThan(1_000_000);
    expect((await values('postgres_oldest_transaction_seconds'))['']).toBeGreaterThanOrEqual(0);
    expect(up).toEqual([true]);

    samples.forEach((sample) => sample.forget());
    expect(up).toEqual([true, false]);
    expect([await values('routers'), await values('outbox_waiting'), await values('sessions')]).toEqual([{}, {}, {}]);
  });

  test('tell how long the oldest record of accounting has waited', async () => {
    const metrics = newMetrics();
    const stream = `${redis.prefix}acct`;
    const backlog = accountingBacklog({ redis: redis.redis, stream, metrics });
    await backlog.take();
    expect(await valuesOf(metrics, 'turnpike_worker_accounting_backlog')).toEqual({ '': 0 });
    expect(await valuesOf(metrics, 'turnpike_worker_accounting_oldest_seconds')).toEqual({ '': 0 });
    const [seconds] = await redis.redis.time();
    await redis.redis.xadd(stream, `${(Number(seconds) - 75) * 1_000}-0`, 'r', 'a record');
    await redis.redis.xadd(stream, '*', 'r', 'another');
    await backlog.take();
    expect(await valuesOf(metrics, 'turnpike_worker_accounting_backlog')).toEqual({ '': 2 });
    const oldest = (await valuesOf(metrics, 'turnpike_worker_accounting_oldest_seconds'))[''] ?? 0;
    expect(oldest).toBeGreaterThanOrEqual(74);
    expect(oldest).toBeLessThan(90);
  });
});
