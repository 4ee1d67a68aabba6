import { openDatabase } from '@turnpike/db/database.js';
import { openStoreProxy } from '@turnpike/testkit/store-proxy.js';
import { decodeRecord, encodeRecord, type AccountingRecord } from './accounting-record.js';
import { insertUnmergedRecords } from './accounting-record.store.js';
import { openAccountingRig, type AccountingRig } from './accounting-rig.js';
import type { AccountingDrain } from './accounting.drain.js';

let rig: AccountingRig;
let drain: AccountingDrain;

beforeAll(async () => {
  rig = await openAccountingRig('127.0.9.1');
});

beforeEach(() => {
  rig.fresh();
  drain = rig.newDrain('one');
});

afterAll(() => rig.close());

const record: AccountingRig['record'] = (...args) => rig.record(...args);
const push = (...records: AccountingRecord[]): Promise<void> => rig.push(...records);

const sessionOf = (key: string) => rig.store.database.db.session.findUniqueOrThrow({ where: { key } });

describe('the accounting drain', () => {
  test('A1: a packet that comes five times is counted once, and the stream is empty afterwards', async () => {
    const customerId = await rig.rows.customer('a1', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const interim = record('c.a1', 60, { entitlementId, username: 'a1', inputOctets: '700', outputOctets: '300' });
    await push(interim, interim, interim);
    await drain.drainOnce();
    await push(interim, interim);
    await drain.drainOnce();
    const entitlement = await rig.store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(1000n);
    expect(entitlement.usedSeconds).toBe(60n);
    expect(await sessionOf('c.a1')).toMatchObject({ customerId, entitlementId, inputOctets: 700n, state: 'open' });
    expect(await rig.redis.redis.xlen(rig.streamKey)).toBe(0);
    const state = rig.events.map((event) => (event.type === 'session' ? event.state : ''));
    expect(state).toEqual(['open']);
  });

  test('A2: a Stop that overtakes the Start gives the same session', async () => {
    const start = record('c.a2', 0, { kind: 'start', sessionSeconds: 0, framedIpAddress: '10.1.1.1' });
    const stop = record('c.a2', 50, { kind: 'stop', inputOctets: '5', terminateCause: 1 });
    await push(stop);
    await drain.drainOnce();
    await push(start);
    await drain.drainOnce();
    expect(await sessionOf('c.a2')).toMatchObject({
      state: 'closed',
      startedAt: new Date(start.eventAt),
      stoppedAt: new Date(stop.eventAt),
      framedIpAddress: '10.1.1.1',
      inputOctets: 5n,
      terminateCause: 1,
    });
  });

  test('A14: records that cannot be merged are put aside with their problem and the batch goes on', async () => {
    const gone = '0190c6d5-7a1e-7000-8000-00000000dead';
    const orphan = record('c.a14-orphan', 60, { routerId: gone });
    const poison = record('c.a14-poison', 60, { inputOctets: '99999999999999999999' });
    await push(record('c.a14-first', 60), orphan, poison);
    await rig.redis.redis.xadd(rig.streamKey, '*', 'r', 'this is not JSON');
    await push(record('c.a14-last', 60));
    await drain.drainOnce();
    expect((await sessionOf('c.a14-first')).state).toBe('open');
    expect((await sessionOf('c.a14-last')).state).toBe('open');
    const problems = await rig.store.database.db.accountingRecord.findMany({ where: { problem: { not: null } } });
    expect(problems).toHaveLength(3);
    expect(problems.find((row) => row.dedupKey === orphan.dedupKey)?.problem).toMatch(/no longer known/);
    expect(problems.find((row) => row.dedupKey === poison.dedupKey)?.problem).toMatch(/out of range/);
    expect(await rig.redis.redis.xlen(rig.streamKey)).toBe(0);
  });

  test('A14: a record whose failure may pass is tried five times, while the others of its batch go on', async () => {
    const { transact } = rig.store.database;
    let failures = 0;
    const broken = rig.newDrain('broken', {
      retryAfterMs: 0,
      touchCustomer: async () => {
        failures += 1;
        throw new Error('not today');
      },
    });
    const customerId = await rig.rows.customer('tries', 'password');
    const entitlementId = await rig.rows.entitlement(customerId, { quotaOctets: 10n });
    const poison = record('c.tries', 60, { entitlementId, inputOctets: '11' });
    await push(record('c.before', 60), poison, record('c.after', 60));
    await broken.drainOnce();
    expect((await sessionOf('c.before')).state).toBe('open');
    expect((await sessionOf('c.after')).state).toBe('open');
    const { db } = rig.store.database;
    const row = () => db.accountingRecord.findFirstOrThrow({ where: { dedupKey: poison.dedupKey } });
    expect(await row()).toMatchObject({ attempts: 5, problem: 'not today', mergedAt: null });
    expect(failures).toBeGreaterThanOrEqual(5);
    expect(await rig.redis.redis.xlen(rig.streamKey)).toBe(0);
    await transact((tx) =>
      tx.accountingRecord.updateMany({ where: { dedupKey: poison.dedupKey }, data: { problem: null } }),
    );
    await drain.drainOnce();
    expect((await row()).mergedAt).not.toBeNull();
    expect((await sessionOf('c.tries')).inputOctets).toBe(11n);
  });

  test('A14: a record that succeeds at its third try is merged and nothing is put aside', async () => {
    let failures = 0;
    const shaky = rig.newDrain('shaky', {
      retryAfterMs: 0,
      touchCustomer: async (tx, id) => {
        failures += 1;
        if (failures < 5) throw new Error('not yet');
        await tx.customer.update({ where: { id }, data: { revision: { increment: 1 } } });
      },
    });
    const customerId = await rig.rows.customer('third', 'password');
    const entitlementId = await rig.rows.entitlement(customerId, { quotaOctets: 10n });
    const late = record('c.third', 60, { entitlementId, inputOctets: '11' });
    await push(late);
    await shaky.drainOnce();
    const row = await rig.store.database.db.accountingRecord.findFirstOrThrow({ where: { dedupKey: late.dedupKey } });
    expect(row).toMatchObject({ problem: null, attempts: failures - 1 });
    expect(row.mergedAt).not.toBeNull();
  });

  test('A13: PostgreSQL goes away and comes back: everything acknowledged meanwhile is in the ledger, once', async () => {
    const proxy = await openStoreProxy(rig.store.url);
    const database = openDatabase({ url: proxy.url, applicationName: 'a13', maxConnections: 3 });
    const customerId = await rig.rows.customer('a13', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const packets = Array.from({ length: 120 }, (_, at) =>
      record(`c.a13-${at % 40}`, 60 + Math.floor(at / 40) * 60, { entitlementId, inputOctets: String(at) }),
    );
    const running = rig.newDrain('a13', { ...database, batchSize: 7, abandonedAfterMs: 15_000 });
    running.start();
    await push(...packets.slice(0, 40));
    proxy.cut();
    await push(...packets.slice(40));
    proxy.restore();
    const deadlineMs = performance.now() + 15_000;
    while ((await rig.redis.redis.xlen(rig.streamKey)) > 0) {
      if (performance.now() > deadlineMs) throw new Error('the drain did not catch up');
    }
    await running.stop();
    const { db } = rig.store.database;
    const kept = await db.accountingRecord.findMany({
      where: { dedupKey: { in: packets.map((each) => each.dedupKey) } },
    });
    expect(kept.map((row) => encodeRecord(decodeRecord(JSON.stringify(row.body)) ?? record('', 0))).sort()).toEqual(
      packets.map(encodeRecord).sort(),
    );
    expect(kept.every((row) => row.mergedAt !== null && row.problem === null)).toBe(true);
    const entitlement = await db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    const bytes = Array.from({ length: 40 }, (_, at) => 80 + at).reduce((sum, each) => sum + each, 0);
    expect(entitlement).toMatchObject({ usedOctets: BigInt(bytes), usedSeconds: 40n * 180n });
    await database.close();
    await proxy.close();
  });

  test('D2: records that came past Redis are merged, and a copy in the stream adds nothing', async () => {
    const customerId = await rig.rows.customer('d2', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const interim = record('c.d2', 60, { entitlementId, inputOctets: '10' });
    await insertUnmergedRecords(rig.store.database.db, [{ record: interim, body: encodeRecord(interim) }]);
    await push(interim);
    await drain.drainOnce();
    const entitlement = await rig.store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(10n);
    const row = await rig.store.database.db.accountingRecord.findFirstOrThrow({
      where: { dedupKey: interim.dedupKey },
    });
    expect(row.mergedAt).not.toBeNull();
  });

  test('entries that a dead drain had taken are taken over', async () => {
    await drain.drainOnce();
    await push(record('c.dead', 60));
    await rig.redis.redis.call('XREADGROUP', 'GROUP', 'drain', 'dead', 'COUNT', 10, 'STREAMS', rig.streamKey, '>');
    await drain.drainOnce();
    expect((await sessionOf('c.dead')).state).toBe('open');
    expect(await rig.redis.redis.xlen(rig.streamKey)).toBe(0);
  });

  test('two drains at once count every byte once', async () => {
    const customerId = await rig.rows.customer('two', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const all = Array.from({ length: 40 }, (_, session) =>
      [3, 1, 2].map((part) =>
        record(`c.two${session}`, part * 10, { entitlementId, inputOctets: String(part * 100), outputOctets: '1' }),
      ),
    ).flat();
    await push(...all, ...all);
    await Promise.all([drain.drainOnce(), rig.newDrain('two').drainOnce()]);
    await drain.drainOnce();
    const entitlement = await rig.store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(40n * 301n);
    expect(entitlement.usedSeconds).toBe(40n * 30n);
  });

  test('a running drain makes a new session visible within a second and stops without leaving work', async () => {
    const running = rig.newDrain('loop', { abandonedAfterMs: 15_000 });
    running.start();
    await push(record('c.loop', 0, { kind: 'start', sessionSeconds: 0 }));
    const startedMs = performance.now();
    while ((await rig.store.database.db.session.count({ where: { key: 'c.loop' } })) === 0) {
      if (performance.now() - startedMs > 5_000) throw new Error('the session did not appear');
    }
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    await running.stop();
  });
});
