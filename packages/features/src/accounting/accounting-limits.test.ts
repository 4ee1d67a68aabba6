import { type AccountingRecord } from './accounting-record.js';
import { openAccountingRig, type AccountingRig } from './accounting-rig.js';
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
