import { byOperator, openSessionsRig, type SessionsRig } from './sessions-rig.js';

let rig: SessionsRig;

const at = (time: string): Date => new Date(`2026-03-01T${time}:00.000Z`);
const iso = (time: string): string => at(time).toISOString();

beforeAll(async () => {
  rig = await openSessionsRig('127.0.88.5');
});

beforeEach(async () => {
  rig.reset();
  await rig.db.session.deleteMany();
});

afterAll(() => rig.close());

const ran = (from: string, to: string | null, more: Parameters<SessionsRig['session']>[0] = {}) =>
  rig.session({
    startedAt: at(from),
    lastSeenAt: at(to ?? from),
    stoppedAt: to === null ? null : at(to),
    state: to === null ? 'open' : 'closed',
    ...more,
  });

async function history(query: Partial<Parameters<SessionsRig['service']['history']>[0]>): Promise<string[]> {
  return (await rig.service.history({ limit: 100, ...query })).items.map((item) => item.id);
}

async function byTwo(query: Partial<Parameters<SessionsRig['service']['history']>[0]>): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await rig.service.history({ ...query, limit: 2, cursor });
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return seen;
}

describe('the history of sessions', () => {
  test('has those that ran at some time within the range, closed or not', async () => {
    await ran('08:00', '09:00');
    const over = await ran('09:30', '10:30');
    const within = await ran('10:10', '10:20');
    const open = await ran('10:50', null);
    await ran('11:00', null);
    expect(await history({ from: iso('10:00'), to: iso('11:00') })).toEqual([open, within, over]);
    expect(await history({ to: iso('09:30') })).toHaveLength(1);
    expect(await history({ from: iso('10:40') })).toHaveLength(2);
    expect(await history({})).toHaveLength(5);
  });

  test('has those of many days too, and finds the same however wide the range is', async () => {
    const day = (date: number, time: string): Date => new Date(`2026-02-${date}T${time}:00.000Z`);
    const lasted = (startedAt: Date, stoppedAt: Date | null) =>
      rig.session({
        startedAt,
        stoppedAt,
        lastSeenAt: stoppedAt ?? startedAt,
        state: stoppedAt === null ? 'open' : 'closed',
      });
    const long = await lasted(day(10, '00:00'), day(25, '00:00'));
    const exactlyADay = await lasted(day(19, '12:00'), day(20, '12:00'));
    const barelyMore = await lasted(day(19, '11:59'), day(20, '12:00'));
    const always = await lasted(day(11, '00:00'), null);
    await lasted(day(10, '00:00'), day(20, '11:59'));
    await lasted(day(19, '00:00'), day(20, '11:59'));
    await lasted(day(21, '12:00'), null);
    const from = day(20, '12:00').toISOString();
    const expected = [exactlyADay, barelyMore, always, long];
    const customerId = await rig.rows.customer('of-the-month', 'password');
    await rig.db.session.updateMany({ data: { customerId } });
    expect(await history({ from, to: day(21, '12:00').toISOString() })).toEqual(expected);
    // By customer they are looked for in another way.
    expect(await history({ from, to: day(21, '12:00').toISOString(), customerId })).toEqual(expected);
    expect(await history({ from, to: day(21, '12:00').toISOString(), routerId: rig.routerId })).toEqual(expected);
    const page = await rig.service.history({ limit: 3, from, to: day(21, '12:00').toISOString() });
    expect(page.nextCursor).not.toBeNull();
    const rest = { from, to: day(21, '12:00').toISOString(), cursor: page.nextCursor ?? undefined };
    expect(await history(rest)).toEqual([long]);
    expect(await history({ ...rest, cursor: undefined, sites: ['Nowhere'] })).toEqual([]);
  });

  test('filters by username, router and customer', async () => {
    const customerId = await rig.rows.customer('history', 'password');
    const mine = await ran('08:00', '09:00', { customerId, username: 'history' });
    await ran('08:00', '09:00');
    expect(await history({ customerId })).toEqual([mine]);
    expect(await history({ username: 'history' })).toEqual([mine]);
    expect(await history({ routerId: rig.routerId })).toHaveLength(2);
    expect(await history({ routerId: customerId })).toEqual([]);
  });

  test('pages neither repeat nor miss a session, with the range kept', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push(await ran('08:00', '09:00'));
      await ran('12:00', '13:00');
    }
    // All began at the same instant: only their ids tell them apart.
    expect(await byTwo({ to: iso('10:00') })).toEqual(ids.toReversed());
    expect(await byTwo({ to: iso('10:00'), sites: ['Gate'] })).toEqual([]);
  });

  test('what began last comes first, whatever was told of first', async () => {
    const late = await ran('09:30', '09:40');
    const early = await ran('08:00', '09:35');
    const between = await ran('09:00', null);
    const yesterday = await rig.session({
      startedAt: new Date('2026-02-27T08:00:00Z'),
      stoppedAt: at('09:10'),
      lastSeenAt: at('09:10'),
      state: 'closed',
    });
    const order = [late, between, early, yesterday];
    const range = { from: iso('09:00'), to: iso('10:00') };
    for (const query of [range, { ...range, routerId: rig.routerId }, { ...range, username: 'amina' }]) {
      expect(await byTwo(query)).toEqual(order);
    }
    expect(await byTwo({})).toEqual(order);
  });

  test('is of one service where that is asked for, and the list of who is online too', async () => {
    const customerId = await rig.rows.customer('both', 'password');
    const bought = (type: 'hotspot' | 'pppoe') => rig.rows.entitlement(customerId, { type });
    const portal = await ran('08:00', null, { entitlementId: await bought('hotspot') });
    const dialled = await ran('08:30', null, { entitlementId: await bought('pppoe') });
    const kept = await ran('08:45', '08:50', { service: 'pppoe' });
    await ran('09:00', null);
    expect(await history({ service: 'pppoe' })).toEqual([kept, dialled]);
    expect(await history({ service: 'hotspot', from: iso('08:10') })).toEqual([portal]);
    const online = await rig.service.list({ limit: 10, state: 'open', service: 'pppoe' });
    expect(online.items.map(({ id }) => id)).toEqual([dialled]);
    await rig.db.session.deleteMany();
    await rig.db.entitlement.deleteMany();
  });

  test('a cursor that is not one of ours is refused', async () => {
    for (const cursor of ['yesterday', '2026-03-01T08:00:00.000Z', 'x~0190b5c1-0000-7000-8000-000000000001']) {
      await expect(history({ cursor })).rejects.toMatchObject({ code: 'validation_failed' });
    }
  });

  test('a range that ends before it begins is refused', async () => {
    await expect(history({ from: iso('11:00'), to: iso('10:00') })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});

describe('who had an address', () => {
  const whoHad = async (time?: string) =>
    rig.service.whoHad({ ip: '10.5.50.7', at: time === undefined ? undefined : iso(time) }, byOperator);

  test('is who held it at that instant, closed since or still there', async () => {
    const first = await ran('08:00', '09:00');
    const second = await ran('09:10', '10:00');
    const third = await ran('10:30', null);
    await ran('08:00', null, { framedIpAddress: '10.5.50.8' });
    const ids = async (time?: string) => (await whoHad(time)).items.map((item) => item.id);
    expect(await ids('08:30')).toEqual([first]);
    expect(await ids('09:00')).toEqual([first]);
    expect(await ids('09:05')).toEqual([]);
    expect(await ids('09:30')).toEqual([second]);
    expect(await ids('10:29')).toEqual([]);
    expect(await ids()).toEqual([third]);
  });

  test('is everybody with the same private address on different routers', async () => {
    const other = await rig.rows.router('127.0.88.6', 'another secret');
    await ran('08:00', '09:00');
    await ran('08:10', '09:00', { routerId: other });
    const { items } = await whoHad('08:30');
    expect(items.map((item) => item.router.id)).toEqual([other, rig.routerId]);
  });

  test('is also who was there for days, over by now or not', async () => {
    const began = new Date(Date.parse(iso('08:00')) - 5 * 86_400_000);
    const over = await ran('08:00', '10:00', { startedAt: began });
    const there = await ran('08:00', null, { startedAt: new Date(began.getTime() + 60_000) });
    await ran('08:00', '08:20', { startedAt: began });
    expect((await whoHad('09:00')).items.map((item) => item.id)).toEqual([there, over]);
    expect((await whoHad()).items.map((item) => item.id)).toEqual([there]);
  });

  test('S9: asking is written to the audit trail, with who asked and what, found or not', async () => {
    await whoHad('07:00');
    const entry = await rig.db.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(entry).toMatchObject({
      actor: 'operator-1',
      action: 'session.lookup_ip',
      subjectType: 'ip_address',
      subjectId: '10.5.50.7',
      requestId: 'request-1',
      details: { at: iso('07:00'), sessions: 0 },
    });
  });
});
