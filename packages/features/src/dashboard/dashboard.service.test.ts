import { dashboardStats } from '@turnpike/contracts/dashboard.js';
import type { Prisma } from '@turnpike/db/generated/client.js';
import { openRouterRig, type RouterRig } from '../routers/router-rig.js';
import { createDashboardService } from './dashboard.service.js';

let rig: RouterRig;

beforeAll(async () => {
  rig = await openRouterRig();
});

afterAll(async () => {
  await rig.close();
});

beforeEach(async () => {
  await rig.forget();
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

describe('the counts of the front page', () => {
  test('are zero on an empty system', async () => {
    const dashboard = createDashboardService(rig);
    expect(await dashboard.stats()).toEqual({
      routers: { total: 0, online: 0, offline: 0, pending: 0 },
      sessions: { open: 0, stale: 0 },
      customers: 0,
      activeEntitlements: 0,
      octetsToday: '0',
      revenue: [],
      at: '2026-03-01T12:00:00.000Z',
    });
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
    await rig.db.session.createMany({
      data: [
        session(routerId, { state: 'open', inputOctets: vast, outputOctets: 1n }),
        session(routerId, { state: 'closing', inputOctets: 10n, startedAt: new Date('2026-03-01T00:00:00.000Z') }),
        session(routerId, { state: 'closed', outputOctets: 100n }),
        session(routerId, { state: 'stale', outputOctets: 1_000n }),
        session(routerId, { state: 'open', inputOctets: 7n, startedAt: new Date('2026-02-28T23:59:59.999Z') }),
      ],
    });
    const customer = await rig.db.customer.create({ data: { username: 'amina', password: 'x' } });
    await rig.db.customer.create({ data: { username: 'brian', password: 'x' } });
    const terms = { type: 'hotspot', downKbps: 1, upKbps: 1, devices: 1 } as const;
    const sold = await rig.db.package.create({
      data: { name: 'P', priceMinor: 1, currency: 'KES', validForSeconds: 60, ...terms },
    });
    const granted = { ...terms, customerId: customer.id, packageId: sold.id, packageName: 'P', grantedBy: 'x' };
    const [past, now, later] = [-1, 0, 1].map((hours) => new Date(rig.clock.now().getTime() + hours * 3_600_000));
    if (past === undefined || now === undefined || later === undefined) throw new Error('three times');
    await rig.db.entitlement.createMany({
      data: [
        { ...granted, startsAt: past, endsAt: later },
        { ...granted, startsAt: past, endsAt: now },
        { ...granted, startsAt: past, endsAt: later, state: 'exhausted' },
      ],
    });
    const stats = await createDashboardService(rig).stats();
    expect(dashboardStats.parse(stats)).toEqual({
      routers: { total: 6, online: 2, offline: 1, pending: 3 },
      sessions: { open: 3, stale: 1 },
      customers: 2,
      activeEntitlements: 1,
      octetsToday: (vast + 1_111n).toString(),
      revenue: [],
      at: '2026-03-01T12:00:00.000Z',
    });
  });

  test('add up what was paid today, this week, month and year in Nairobi, without what was given back', async () => {
    const paid = (settledAt: string, paidMinor: bigint, more: Partial<Prisma.PaymentUncheckedCreateInput> = {}) => ({
      reference: settledAt + String(paidMinor),
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
    });
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
    const { revenue } = await createDashboardService(rig).stats();
    await rig.db.payment.deleteMany();
    expect(revenue).toEqual([
      { currency: 'KES', todayMinor: 1, weekMinor: 11, monthMinor: 1, yearMinor: 111 },
      { currency: 'USD', todayMinor: 5, weekMinor: 5, monthMinor: 5, yearMinor: 5 },
    ]);
  });

  test('are read once for many who ask at the same moment', async () => {
    let reads = 0;
    const counting = rig.db.$extends({
      query: {
        $queryRaw: ({ args, query }) => {
          reads += 1;
          return query(args);
        },
      },
    });
    const readAll = createDashboardService({ ...rig, db: { ...rig.db, $queryRaw: counting.$queryRaw.bind(counting) } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => readAll.stats()));
    // Counts and revenue, once each.
    expect(reads).toBe(2);
    expect(new Set(answers.map((answer) => answer.at)).size).toBe(1);
  });
});
