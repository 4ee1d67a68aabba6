import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { createCustomerUsage } from './customer-usage.js';
import { openSessionsRig, type SessionsRig } from './sessions-rig.js';

let rig: SessionsRig;
let customerId: string;

/** Times are of Nairobi. */
const at = (time: string): Date => new Date(`2026-${time}:00+03:00`);

beforeAll(async () => {
  rig = await openSessionsRig('127.0.88.7');
  customerId = await rig.rows.customer('uses', 'password');
});
afterAll(() => rig.close());
beforeEach(async () => {
  await rig.db.session.deleteMany();
});

const clock = createSteerableClock(at('03-05T12:00'));
const usage = (days: { from?: string; to?: string }, zone = 'Africa/Nairobi') =>
  createCustomerUsage({ db: rig.db, clock, timeZone: () => zone }).of(customerId, days);

const ran = (from: string, to: string | null, octets: { up: bigint; down: bigint; seconds: number; seen?: string }) =>
  rig.session({
    customerId,
    startedAt: at(from),
    stoppedAt: to === null ? null : at(to),
    lastSeenAt: at(octets.seen ?? to ?? from),
    state: to === null ? 'open' : 'closed',
    inputOctets: octets.up,
    outputOctets: octets.down,
    sessionSeconds: octets.seconds,
  });

const GB = 1_000_000_000n;

describe('what a customer used by day', () => {
  test('is every day of the range, with the bytes, sessions and time of each', async () => {
    await ran('03-02T10:00', '03-02T11:00', { up: GB, down: 4n * GB, seconds: 3_600 });
    await ran('03-02T20:00', '03-02T20:30', { up: 0n, down: GB, seconds: 1_800 });
    const { days, total, timeZone } = await usage({ from: '2026-03-01', to: '2026-03-03' });
    expect(timeZone).toBe('Africa/Nairobi');
    const none = { inputOctets: '0', outputOctets: '0', sessions: 0, seconds: 0 };
    expect(days).toEqual([
      { day: '2026-03-01', ...none },
      { day: '2026-03-02', inputOctets: `${GB}`, outputOctets: `${5n * GB}`, sessions: 2, seconds: 5_400 },
      { day: '2026-03-03', ...none },
    ]);
    expect(total).toEqual({ inputOctets: `${GB}`, outputOctets: `${5n * GB}`, sessions: 2, seconds: 5_400 });
  });

  test('a session over midnight gives each day its part, by the days of the network and not of UTC', async () => {
    await ran('03-02T21:00', '03-03T03:00', { up: 6n * GB, down: 12n * GB, seconds: 21_600 });
    const { days, total } = await usage({ from: '2026-03-02', to: '2026-03-03' });
    expect(days).toMatchObject([
      { inputOctets: `${3n * GB}`, outputOctets: `${6n * GB}`, sessions: 1, seconds: 10_800 },
      { inputOctets: `${3n * GB}`, outputOctets: `${6n * GB}`, sessions: 1, seconds: 10_800 },
    ]);
    expect(total).toMatchObject({ outputOctets: `${12n * GB}`, sessions: 1, seconds: 21_600 });
    expect((await usage({ from: '2026-03-02', to: '2026-03-02' }, 'UTC')).days).toMatchObject([{ seconds: 21_600 }]);
  });

  test('what runs counts as far as accounting has told, and what ended as the day began counts the day before', async () => {
    await ran('03-04T22:00', null, { up: 0n, down: 4n * GB, seconds: 14_400, seen: '03-05T02:00' });
    await ran('03-03T23:00', '03-04T00:00', { up: 0n, down: GB, seconds: 3_600 });
    const { days } = await usage({ from: '2026-03-04', to: '2026-03-05' });
    expect(days.map(({ outputOctets, sessions }) => [outputOctets, sessions])).toEqual([
      [`${2n * GB}`, 1],
      [`${2n * GB}`, 1],
    ]);
  });

  test('a session without any length is of the day it was on', async () => {
    await ran('03-02T10:00', '03-02T10:00', { up: 7n, down: 8n, seconds: 0 });
    const { days } = await usage({ from: '2026-03-02', to: '2026-03-02' });
    expect(days).toEqual([{ day: '2026-03-02', inputOctets: '7', outputOctets: '8', sessions: 1, seconds: 0 }]);
  });

  test('without dates it is the last 30 days, today last', async () => {
    const { days } = await usage({});
    expect([days.length, days[0]?.day, days.at(-1)?.day]).toEqual([30, '2026-02-04', '2026-03-05']);
  });

  test('refuses ranges that end before they begin or are too long, and unknown customers', async () => {
    await expect(usage({ from: '2026-03-02', to: '2026-03-01' })).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(usage({ from: '2024-01-01', to: '2026-03-01' })).rejects.toMatchObject({ code: 'validation_failed' });
    expect((await usage({ from: '2025-03-02', to: '2026-03-02' })).days).toHaveLength(366);
    const read = createCustomerUsage({ db: rig.db, clock, timeZone: () => 'UTC' });
    await expect(read.of(rig.routerId, {})).rejects.toMatchObject({ code: 'not_found' });
  });
});
