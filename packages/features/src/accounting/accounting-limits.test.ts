import { type AccountingRecord } from './accounting-record.js';
import { openAccountingRig, T0, type AccountingRig } from './accounting-rig.js';
import type { AccountingDrain } from './accounting.drain.js';

let rig: AccountingRig;
let drain: AccountingDrain;

beforeAll(async () => {
  rig = await openAccountingRig('127.0.9.3');
});

beforeEach(() => {
  rig.fresh();
  drain = rig.newDrain('one');
});

afterAll(() => rig.close());

const record: AccountingRig['record'] = (...args) => rig.record(...args);
const push = (...records: AccountingRecord[]): Promise<void> => rig.push(...records);

const sessionOf = (key: string) => rig.store.database.db.session.findUniqueOrThrow({ where: { key } });

describe('what follows from usage', () => {
  test('A10: passing the quota exhausts the entitlement, refreshes the subject and orders the session ended', async () => {
    const customerId = await rig.rows.customer('a10', 'password');
    const entitlementId = await rig.rows.entitlement(customerId, { quotaOctets: 1_000n });
    await push(record('c.a10', 30, { entitlementId, inputOctets: '400', outputOctets: '599' }));
    await drain.drainOnce();
    expect(rig.touched).toEqual([]);
    await push(record('c.a10', 60, { entitlementId, inputOctets: '400', outputOctets: '600' }));
    await drain.drainOnce();
    const entitlement = await rig.store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement).toMatchObject({ state: 'exhausted', usedOctets: 1_000n });
    expect(rig.touched).toEqual([customerId]);
    const session = await sessionOf('c.a10');
    expect(session.state).toBe('closing');
    const command = await rig.store.database.db.sessionCommand.findFirstOrThrow({ where: { sessionId: session.id } });
    expect(command).toMatchObject({ kind: 'disconnect', state: 'queued', requestedBy: 'system' });
    const jobs = await rig.store.database.db.outboxMessage.findMany({ where: { job: 'session.disconnect' } });
    expect(jobs.map((job) => job.payload)).toContainEqual({ commandId: command.id });
  });

  test('A10: time online that is used up exhausts the entitlement and ends its sessions like data does', async () => {
    const customerId = await rig.rows.customer('online', 'password');
    const entitlementId = await rig.rows.entitlement(customerId, { onlineSeconds: 100n });
    await push(record('c.online1', 60, { entitlementId }), record('c.online2', 39, { entitlementId }));
    await drain.drainOnce();
    expect(rig.touched).toEqual([]);
    await push(record('c.online2', 40, { entitlementId }));
    await drain.drainOnce();
    const { db } = rig.store.database;
    const entitlement = await db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement).toMatchObject({ state: 'exhausted', usedSeconds: 100n });
    expect(rig.touched).toEqual([customerId]);
    const commands = await db.sessionCommand.findMany({ where: { session: { entitlementId } } });
    expect(commands.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['disconnect', 'time online is used up'],
      ['disconnect', 'time online is used up'],
    ]);
  });

  const steps = [
    { afterOctets: '1000', downKbps: 500, upKbps: 250 },
    { afterOctets: '2000', downKbps: 100, upKbps: 50 },
  ];

  const ratesOf = (entitlementId: string) =>
    rig.store.database.db.sessionCommand.findMany({
      where: { kind: 'rate', session: { entitlementId } },
      orderBy: { id: 'asc' },
    });

  test('A11: usage that passes a fair-use step orders the rate of that step, once', async () => {
    const customerId = await rig.rows.customer('fair', 'password');
    const entitlementId = await rig.rows.entitlement(customerId, { fairUse: steps });
    await push(record('c.fair', 30, { entitlementId, inputOctets: '999' }));
    await drain.drainOnce();
    expect(await ratesOf(entitlementId)).toEqual([]);
    await push(record('c.fair', 60, { entitlementId, inputOctets: '2500' }));
    await drain.drainOnce();
    await push(record('c.fair', 90, { entitlementId, inputOctets: '2600' }));
    await drain.drainOnce();
    const orders = await ratesOf(entitlementId);
    expect(orders.map((order) => order.params)).toEqual([{ downKbps: 100, upKbps: 50, fairUseStep: 2 }]);
    expect(orders[0]).toMatchObject({ reason: 'fair-use step 2 is reached', requestedBy: 'system' });
    expect((await sessionOf('c.fair')).state).toBe('open');
  });

  test('A11: a session that begins told another step than usage says is told the right one', async () => {
    const customerId = await rig.rows.customer('late', 'password');
    const entitlementId = await rig.rows.entitlement(customerId, { fairUse: steps, usedOctets: 1_500n });
    const start = { kind: 'start' as const, entitlementId };
    await push(record('c.told', 0, { ...start, fairUseStep: 1 }), record('c.untold', 0, start));
    await drain.drainOnce();
    expect(await sessionOf('c.told')).toMatchObject({ fairUseStep: 1 });
    const untold = await sessionOf('c.untold');
    const orders = await ratesOf(entitlementId);
    expect(orders.map(({ sessionId, params }) => ({ sessionId, params }))).toEqual([
      { sessionId: untold.id, params: { downKbps: 500, upKbps: 250, fairUseStep: 1 } },
    ]);
  });
});

describe('what waits for its first login', () => {
  const FAR = new Date('9999-12-31T23:59:59.999Z');
  const waiting = async (name: string, more: { quotaOctets?: bigint } = {}) => {
    const customerId = await rig.rows.customer(name, 'password');
    const entitlementId = await rig.rows.entitlement(customerId, {
      state: 'pending',
      validFrom: 'first_login',
      validForSeconds: 3_600,
      startsAt: new Date(T0 - 86_400_000),
      endsAt: FAR,
      ...more,
    });
    return { customerId, entitlementId };
  };
  const entitlementOf = (id: string) => rig.store.database.db.entitlement.findUniqueOrThrow({ where: { id } });
  const begun = { state: 'active', startsAt: new Date(T0), endsAt: new Date(T0 + 3_600_000), validForSeconds: null };

  const orders: readonly [string, (entitlementId: string, key: string) => AccountingRecord[]][] = [
    ['its Start', (entitlementId, key) => [record(key, 0, { entitlementId, kind: 'start' })]],
    ['an interim update, when the Start was lost', (entitlementId, key) => [record(key, 60, { entitlementId })]],
    [
      'its Stop, which came before the Start',
      (entitlementId, key) => [
        record(key, 90, { entitlementId, kind: 'stop', inputOctets: '7' }),
        record(key, 0, { entitlementId, kind: 'start' }),
      ],
    ],
    [
      'the earliest of several sessions, whichever comes first',
      (entitlementId, key) => [
        record(`${key}b`, 70, { entitlementId, kind: 'start', sessionSeconds: 0 }),
        record(key, 0, { entitlementId, kind: 'start' }),
        record(`${key}b`, 80, { entitlementId, sessionSeconds: 10 }),
      ],
    ],
  ];

  test.each(orders)('begins once, when its session did, by %s', async (how, recordsOf) => {
    const { customerId, entitlementId } = await waiting(`first ${how}`);
    await push(...recordsOf(entitlementId, `c.first ${how}`));
    await drain.drainOnce();
    expect(await entitlementOf(entitlementId)).toMatchObject(begun);
    expect(rig.touched).toEqual([customerId]);
    // Another session, and all of it again: nothing begins a second time.
    await push(record(`c.later ${how}`, 300, { entitlementId, kind: 'start', sessionSeconds: 0 }));
    await drain.drainOnce();
    await push(...recordsOf(entitlementId, `c.first ${how}`));
    await drain.drainOnce();
    expect(await entitlementOf(entitlementId)).toMatchObject(begun);
    expect(rig.touched).toEqual([customerId]);
  });

  test('begins no earlier than it was bought, and is used up by what its first packet tells', async () => {
    const { customerId, entitlementId } = await waiting('eager', { quotaOctets: 100n });
    const bought = new Date(T0 + 30_000);
    await rig.store.database.db.entitlement.update({ where: { id: entitlementId }, data: { startsAt: bought } });
    await push(record('c.eager', 60, { entitlementId, inputOctets: '100' }));
    await drain.drainOnce();
    expect(await entitlementOf(entitlementId)).toMatchObject({
      state: 'exhausted',
      startsAt: bought,
      endsAt: new Date(T0 + 3_630_000),
    });
    expect(rig.touched).toEqual([customerId, customerId]);
  });

  test('is left alone once it is refunded', async () => {
    const { entitlementId } = await waiting('refunded');
    await rig.store.database.db.entitlement.update({ where: { id: entitlementId }, data: { state: 'refunded' } });
    await push(record('c.refunded', 0, { entitlementId, kind: 'start' }));
    await drain.drainOnce();
    expect(await entitlementOf(entitlementId)).toMatchObject({ state: 'refunded', endsAt: FAR });
  });

  test('what waited in line and has begun is marked by its first session, its times as they were', async () => {
    const customerId = await rig.rows.customer('in line', 'password');
    const times = { startsAt: new Date(T0 - 1_000), endsAt: new Date(T0 + 86_400_000) };
    const entitlementId = await rig.rows.entitlement(customerId, { state: 'pending', ...times });
    await push(record('c.in line', 0, { entitlementId, kind: 'start' }));
    await drain.drainOnce();
    expect(await entitlementOf(entitlementId)).toMatchObject({ state: 'active', ...times });
    expect(rig.touched).toEqual([customerId]);
  });
});
