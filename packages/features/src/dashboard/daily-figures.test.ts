import type { Prisma } from '@turnpike/db/generated/client.js';
import { openRouterRig, type RouterRig } from '../routers/router-rig.js';
import { createFigureKeeper } from './daily-figures.js';
import { createDashboardService } from './dashboard.service.js';
import { startOfDay } from './local-day.js';
import { ownEntries } from './own-entries-rig.js';

const timeZone = 'Africa/Nairobi';
const GB = 1_000_000_000n;
let rig: RouterRig;
let routerId = '';
let made = 0;

beforeAll(async () => {
  rig = await openRouterRig();
});
afterAll(() => rig.close());
beforeEach(async () => {
  await rig.forget();
  await rig.db.dailyUsage.deleteMany();
  await rig.db.dailyRevenue.deleteMany();
  await rig.db.payment.deleteMany();
  await rig.cache.clear();
  routerId = await rig.add();
});

/** Times are of Nairobi, where it is 1 March, 15:00. */
const at = (time: string): Date => new Date(`2026-${time}:00+03:00`);

const customers = ['1', '2', '3'].map((digit) => `0190b5c1-0000-7000-8000-00000000000${digit}`);

function session(who: number, from: string, to: string | null, octets: bigint): Prisma.SessionUncheckedCreateInput {
  made += 1;
  const [startedAt, stoppedAt] = [at(from), to === null ? null : at(to)];
  return {
    key: `${made}`,
    acctSessionId: `${made}`,
    routerId,
    username: 'somebody',
    customerId: customers[who] ?? null,
    state: stoppedAt === null ? 'open' : 'closed',
    startedAt,
    stoppedAt,
    lastSeenAt: stoppedAt ?? at('03-01T15:00'),
    outputOctets: octets,
  };
}

function paid(when: string, paidMinor: bigint): Prisma.PaymentUncheckedCreateInput {
  made += 1;
  return {
    reference: `reference ${made}`,
    provider: 'mpesa',
    state: 'succeeded',
    purpose: 'package',
    amountMinor: paidMinor,
    paidMinor,
    currency: 'KES',
    createdBy: 'portal',
    settledAt: at(when),
  };
}

async function series(days: number) {
  const { db, clock } = rig;
  const cache = ownEntries(rig.cache);
  const rates = async () => ({ tps: null, cacheHitRate: null });
  const dashboard = createDashboardService({
    db,
    cache,
    clock,
    timeZone: () => timeZone,
    oldestJobSeconds: async () => null,
    rates,
  });
  return dashboard.series(days);
}

const keep = () => createFigureKeeper({ ...rig, timeZone: () => timeZone })(new AbortController().signal);

async function makeDays(): Promise<void> {
  await rig.db.session.createMany({
    data: [
      session(0, '02-26T10:00', '02-26T11:00', GB),
      session(0, '02-26T20:00', '02-26T21:00', GB),
      session(1, '02-26T23:00', '02-27T01:00', 2n * GB),
      // Always on: it began on the 25th at midnight and runs for four days and 15 hours by now.
      session(2, '02-25T00:00', null, 111n * GB),
      session(1, '03-01T14:00', '03-01T14:30', GB),
    ],
  });
  await rig.db.payment.createMany({
    data: [paid('02-26T00:00', 100n), paid('02-26T23:59', 50n), paid('02-28T12:00', 7n), paid('03-01T00:00', 9n)],
  });
}

const expected = [
  { day: '2026-02-23', revenueMinor: 0, payments: 0, users: 0, octets: '0' },
  { day: '2026-02-24', revenueMinor: 0, payments: 0, users: 0, octets: '0' },
  { day: '2026-02-25', revenueMinor: 0, payments: 0, users: 1, octets: '24000000000' },
  { day: '2026-02-26', revenueMinor: 150, payments: 2, users: 3, octets: '27000000000' },
  { day: '2026-02-27', revenueMinor: 0, payments: 0, users: 2, octets: '25000000000' },
  { day: '2026-02-28', revenueMinor: 7, payments: 1, users: 1, octets: '24000000000' },
  { day: '2026-03-01', revenueMinor: 9, payments: 1, users: 2, octets: '16000000000' },
];

describe('the figures of the days', () => {
  test('count a session on every day that it ran on, by the clock of the time zone, before anything is kept', async () => {
    await makeDays();
    expect(await series(7)).toEqual({ days: 7, timeZone, currency: 'KES', points: expected });
  });

  test('are the same once the days that are over are kept, also when they are kept twice', async () => {
    await makeDays();
    await keep();
    await keep();
    expect(await rig.db.dailyUsage.count()).toBe(4);
    expect((await series(7)).points).toEqual(expected);
  });

  test('are read from what is kept: a graph of a year looks at no session of a day before', async () => {
    await makeDays();
    await keep();
    await rig.db.session.deleteMany({ where: { stoppedAt: { lt: at('03-01T00:00') } } });
    await rig.db.payment.deleteMany({ where: { settledAt: { lt: at('03-01T00:00') } } });
    expect((await series(365)).points.slice(-7)).toEqual(expected);
  });

  test('go on where they ended, with the newest days counted again', async () => {
    await makeDays();
    await keep();
    await rig.db.session.createMany({ data: [session(0, '02-28T10:00', '02-28T11:00', GB)] });
    await keep();
    expect((await series(7)).points.at(-2)).toMatchObject({ users: 2, octets: '25000000000' });
  });

  test('follow a refund, however long ago the payment was', async () => {
    await makeDays();
    await keep();
    await rig.db.payment.updateMany({
      where: { settledAt: at('02-26T23:59') },
      data: { refundedAt: rig.clock.now() },
    });
    await keep();
    expect((await series(7)).points[3]).toMatchObject({ revenueMinor: 100, payments: 1 });
  });

  test('are kept by one of two workers at a time', async () => {
    await makeDays();
    await Promise.all([keep(), keep(), keep()]);
    expect((await series(7)).points).toEqual(expected);
  });

  test('keep nothing where nothing ever happened', async () => {
    expect(await keep()).toEqual({ days: 0 });
    expect((await series(30)).points).toHaveLength(30);
  });
});

test.each([
  ['2026-03-01', 'Africa/Nairobi', '2026-02-28T21:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-07-01', 'America/New_York', '2026-07-01T04:00:00.000Z'],
])('%s begins in %s at %s', (day, zone, instant) => {
  expect(startOfDay(day, zone).toISOString()).toBe(instant);
});
