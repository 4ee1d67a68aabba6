import { dashboardStats } from '@turnpike/contracts/dashboard.js';
import type { Prisma } from '@turnpike/db/generated/client.js';
import { appendAudit } from '../audit/audit.store.js';
import { openRouterRig, type RouterRig } from '../routers/router-rig.js';
import { createFigureKeeper } from './daily-figures.js';
import { createDashboardService } from './dashboard.service.js';
import { ownEntries } from './own-entries-rig.js';

let rig: RouterRig;

beforeAll(async () => {
  rig = await openRouterRig();
});

afterAll(async () => {
  await rig.close();
});

const timeZone = 'Africa/Nairobi';

function dashboardOf(db = rig.db) {
  const { clock } = rig;
  const cache = ownEntries(rig.cache);
  const rates = async () => ({ tps: 12.5, cacheHitRate: 0.75 });
  return createDashboardService({ db, cache, clock, timeZone: () => timeZone, oldestJobSeconds: async () => 7, rates });
}

beforeEach(async () => {
  await rig.forget();
  await rig.db.dailyUsage.deleteMany();
  await rig.db.dailyRevenue.deleteMany();
  await rig.db.payment.deleteMany();
  await rig.db.entitlement.deleteMany();
  await rig.db.customer.deleteMany();
  await rig.db.package.deleteMany();
});

let made = 0;

function session(routerId: string, input: Partial<Prisma.SessionUncheckedCreateInput>) {
  made += 1;
  const startedAt = new Date('2026-03-01T08:00:00.000Z');
  const plain = { routerId, username: 'somebody', key: `${made}`, acctSessionId: `${made}`, lastSeenAt: startedAt };
  return { ...plain, startedAt, ...input };
}

const nothing = {
  routers: { total: 0, online: 0, offline: 0, pending: 0 },
  sessions: { open: 0, stale: 0, hotspot: 0, pppoe: 0 },
  customers: 0,
  activeEntitlements: 0,
  octetsToday: '0',
  revenue: [],
  paymentsToday: 0,
  failedPaymentsToday: 0,
  oldestJobSeconds: 7,
  tps: 12.5,
  cacheHitRate: 0.75,
  timeZone,
  at: '2026-03-01T12:00:00.000Z',
};

function paid(settledAt: string, paidMinor: bigint, more: Partial<Prisma.PaymentUncheckedCreateInput> = {}) {
  made += 1;
  return {
    reference: `reference ${made}`,
    provider: 'mpesa',
    state: 'succeeded' as const,
    purpose: 'package',
    amountMinor: paidMinor,
    paidMinor,
    currency: 'KES',
    createdBy: 'portal',
    createdAt: new Date(settledAt),
    settledAt: new Date(settledAt),
    ...more,
  };
}

describe('the counts of the front page', () => {
  test('are zero on an empty system', async () => {
    const { recent, ...stats } = await dashboardOf().stats(null);
    expect(stats).toEqual(nothing);
    expect(recent).toHaveLength(0);
  });

  test('count what is there: routers by status, sessions that run, entitlements in force, bytes of today in UTC', async () => {
    const ids: string[] = [];
    for (const status of ['online', 'online', 'offline', 'pending', 'pending', 'pending'] as const) {
      const id = await rig.add();
      await rig.db.router.update({ where: { id }, data: { status } });
      ids.push(id);
    }
    const [routerId = ''] = ids;
    const vast = 2n ** 61n;
    const customer = await rig.db.customer.create({ data: { username: 'amina', password: 'x' } });
    await rig.db.customer.create({ data: { username: 'brian', password: 'x' } });
    const terms = { type: 'hotspot', downKbps: 1, upKbps: 1, devices: 1 } as const;
    const sold = await rig.db.package.create({
      data: { name: 'P', priceMinor: 1, currency: 'KES', validForSeconds: 60, ...terms },
    });
    const granted = { ...terms, customerId: customer.id, packageId: sold.id, packageName: 'P', grantedBy: 'x' };
    const [past, now, later] = [-1, 0, 1].map((hours) => new Date(rig.clock.now().getTime() + hours * 3_600_000));
    if (past === undefined || now === undefined || later === undefined) throw new Error('three times');
    const online = await rig.db.entitlement.create({ data: { ...granted, startsAt: past, endsAt: later } });
    await rig.db.session.createMany({
      data: [
        session(routerId, { state: 'open', inputOctets: vast, outputOctets: 1n, entitlementId: online.id }),
        session(routerId, { state: 'closing', inputOctets: 10n, startedAt: new Date('2026-03-01T00:00:00.000Z') }),
        session(routerId, { state: 'closed', outputOctets: 100n }),
        session(routerId, { state: 'stale', outputOctets: 1_000n }),
        session(routerId, { state: 'open', inputOctets: 7n, startedAt: new Date('2026-02-28T23:59:59.999Z') }),
      ],
    });
    await rig.db.entitlement.createMany({
      data: [
        { ...granted, startsAt: past, endsAt: now },
        { ...granted, startsAt: past, endsAt: later, state: 'exhausted' },
      ],
    });
    const { recent, ...stats } = dashboardStats.parse(await dashboardOf().stats(null));
    expect(stats).toEqual({
      ...nothing,
      routers: { total: 6, online: 2, offline: 1, pending: 3 },
      sessions: { open: 3, stale: 1, hotspot: 1, pppoe: 0 },
      customers: 2,
      activeEntitlements: 1,
      octetsToday: (vast + 1_111n).toString(),
    });
    expect(recent.length).toBeGreaterThan(0);
  });

  test('take the service from the session, and from its entitlement where an older release opened it', async () => {
    const routerId = await rig.add({ site: 'Kilimani' });
    const customer = await rig.db.customer.create({ data: { username: 'amina', password: 'x' } });
    const terms = { type: 'hotspot', downKbps: 1, upKbps: 1, devices: 1 } as const;
    const sold = await rig.db.package.create({
      data: { name: 'P', priceMinor: 1, currency: 'KES', validForSeconds: 60, ...terms },
    });
    const granted = { ...terms, customerId: customer.id, packageId: sold.id, packageName: 'P', grantedBy: 'x' };
    const at = rig.clock.now();
    const { id: entitlementId } = await rig.db.entitlement.create({ data: { ...granted, startsAt: at, endsAt: at } });
    await rig.db.session.createMany({
      data: [
        session(routerId, { entitlementId }),
        session(routerId, { entitlementId, service: 'hotspot', state: 'closing' }),
        session(routerId, { entitlementId, service: 'hotspot', state: 'stale' }),
        session(routerId, { entitlementId, service: 'hotspot', state: 'closed' }),
        session(routerId, { service: 'pppoe' }),
        session(routerId, {}),
      ],
    });
    const expected = { open: 4, stale: 1, hotspot: 2, pppoe: 1 };
    expect((await dashboardOf().stats(null)).sessions).toEqual(expected);
    expect((await dashboardOf().stats(['Kilimani'])).sessions).toEqual(expected);
    expect((await dashboardOf().stats(['Westlands'])).sessions).toEqual({ open: 0, stale: 0, hotspot: 0, pppoe: 0 });
  });

  test('know how many customers there are however many come and go at the same time', async () => {
    const { db } = rig;
    const make = (name: string) => db.customer.create({ data: { username: name, password: 'x' } });
    const names = Array.from({ length: 24 }, (_, index) => `customer ${index}`);
    await Promise.all(names.map(make));
    await db.$transaction(async (tx) => {
      await tx.customer.createMany({ data: [1, 2, 3].map((n) => ({ username: `late ${n}`, password: 'x' })) });
      // Nobody waits for who has not committed.
      await db.customer.deleteMany({ where: { username: { in: names.slice(0, 5) } } });
      await make('another');
    });
    const undone = db.$transaction(async (tx) => {
      await tx.customer.deleteMany();
      throw new Error('not after all');
    });
    await expect(undone).rejects.toThrow('not after all');
    expect((await dashboardOf().stats(null)).customers).toBe(24 + 3 - 5 + 1);
    expect(await db.customer.count()).toBe(23);
  });

  test('add up what was paid today, this week, month and year in Nairobi, without what was given back', async () => {
    // It is Sunday, 1 March, 15:00 in Nairobi.
    await rig.db.payment.createMany({
      data: [
        paid('2026-02-28T21:00:00Z', 1n),
        paid('2026-02-28T20:59:59Z', 10n),
        paid('2026-02-22T12:00:00Z', 100n),
        paid('2025-12-31T20:59:59Z', 1_000n),
        paid('2026-03-01T10:00:00Z', 10_000n, { refundedAt: new Date('2026-03-01T11:00:00Z') }),
        paid('2026-03-01T10:00:00Z', 100_000n, { provider: 'wallet' }),
        paid('2026-03-01T10:00:00Z', 5n, { currency: 'USD', provider: 'cash' }),
      ],
    });
    const expected = [
      { currency: 'KES', todayMinor: 1, weekMinor: 11, monthMinor: 1, yearMinor: 111 },
      { currency: 'USD', todayMinor: 5, weekMinor: 5, monthMinor: 5, yearMinor: 5 },
    ];
    expect((await dashboardOf().stats(null)).revenue).toEqual(expected);
    await createFigureKeeper({ ...rig, timeZone: () => timeZone })(new AbortController().signal);
    // The same, with the days that are over taken from what was kept.
    expect(await rig.db.dailyRevenue.count()).toBe(3);
    expect((await dashboardOf().stats(null)).revenue).toEqual(expected);
  });

  test('tell how many payments of today succeeded and how many came to nothing', async () => {
    const failed = { state: 'failed', settledAt: null } as const;
    await rig.db.payment.createMany({
      data: [
        paid('2026-03-01T10:00:00Z', 1n),
        paid('2026-03-01T10:00:00Z', 1n, { provider: 'wallet' }),
        paid('2026-02-28T20:59:59Z', 1n),
        paid('2026-03-01T11:00:00Z', 1n, failed),
        paid('2026-03-01T11:00:00Z', 1n, { ...failed, state: 'timed_out' }),
        paid('2026-02-28T20:59:59Z', 1n, failed),
      ],
    });
    expect(await dashboardOf().stats(null)).toMatchObject({ paymentsToday: 2, failedPaymentsToday: 2 });
  });

  test('of an operator of some sites are those of the sites, and nothing of the whole system', async () => {
    const [here, there] = [await rig.add({ site: 'Kilimani' }), await rig.add({ site: 'Westlands' })];
    await rig.db.session.createMany({
      data: [
        session(here, { inputOctets: 5n }),
        session(there, { inputOctets: 7n }),
        session(there, { inputOctets: 9n, state: 'stale' }),
      ],
    });
    await rig.db.payment.createMany({ data: [paid('2026-03-01T10:00:00Z', 1n)] });
    expect(await dashboardOf().stats(['Kilimani'])).toEqual({
      ...nothing,
      routers: { total: 1, online: 0, offline: 0, pending: 1 },
      sessions: { open: 1, stale: 0, hotspot: 0, pppoe: 0 },
      octetsToday: '5',
      customers: null,
      activeEntitlements: null,
      paymentsToday: null,
      failedPaymentsToday: null,
      oldestJobSeconds: null,
      recent: [],
    });
    expect((await dashboardOf().stats(['Westlands'])).sessions).toMatchObject({ open: 1, stale: 1 });
  });

  test('say what happened last in words, without a phone number', async () => {
    const id = await rig.add({ name: 'Kilimani 3' });
    const customer = await rig.db.customer.create({ data: { username: '254712345678', password: 'x' } });
    await rig.transact((tx) =>
      appendAudit(tx, {
        actor: 'system',
        action: 'customer.send_credentials',
        subjectType: 'customer',
        subjectId: customer.id,
      }),
    );
    const finishedAt = new Date(Date.now() + 60_000);
    await rig.db.provisioningRun.create({
      data: { routerId: id, state: 'rolled_back', services: [], requestedBy: 'x', finishedAt },
    });
    const { recent } = await dashboardOf().stats(null);
    expect(recent.slice(0, 2).map(({ kind, text, link }) => [kind, text, link?.type])).toEqual([
      ['run.rolled_back', 'Router Kilimani 3: deployment rolled back', 'run'],
      ['customer.send_credentials', 'Customer 2547••••5678: send credentials (system)', 'customer'],
    ]);
    expect(recent[2]).toMatchObject({ link: { type: 'router', id } });
    expect(recent[2]?.text).toMatch(/^Router Kilimani 3: /);
  });

  test('are read once for 200 who ask at the same moment, and so is the graph', async () => {
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
    const dashboard = dashboardOf({ ...rig.db, $queryRaw: counting.$queryRaw.bind(counting) });
    const answers = await Promise.all(Array.from({ length: 200 }, () => dashboard.stats(null)));
    expect(new Set(answers.map((answer) => answer.at)).size).toBe(1);
    expect([...reads.values()].every((count) => count === 1)).toBe(true);
    expect(reads.size).toBeGreaterThanOrEqual(5);
    reads.clear();
    const graphs = await Promise.all(Array.from({ length: 200 }, () => dashboard.series(30)));
    expect(new Set(graphs.map((graph) => JSON.stringify(graph))).size).toBe(1);
    expect([...reads.values()]).toEqual([1, 1, 1]);
  });
});
