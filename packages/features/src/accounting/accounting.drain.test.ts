import { createHash } from 'node:crypto';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { accessRows, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createDeviceLeases } from '../access/device-lease.js';
import { endSessions } from '../sessions/session-ender.js';
import type { AccountingRecord } from './accounting-record.js';
import { insertUnmergedRecord } from './accounting-record.store.js';
import { createAccountingStream } from './accounting-stream.js';
import { createAccountingDrain, type AccountingDrain } from './accounting.drain.js';

let store: TestDatabase;
let redis: TestRedis;
let rows: AccessRows;
let drain: AccountingDrain;
let events: LiveEvent[];
let touched: string[];
let routerId: string;
let streamKey: string;
let sequence = 0;

function newDrain(consumer: string, abandonedAfterMs = 0): AccountingDrain {
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  return createAccountingDrain({
    stream: createAccountingStream({
      redis: redis.redis,
      blocking: redis.open('blocking'),
      stream: streamKey,
      group: 'drain',
      consumer,
    }),
    db: store.database.db,
    transact: store.database.transact,
    leases: createDeviceLeases({ redis: redis.redis, prefix: redis.prefix, leaseMs: 60_000 }),
    live: { publish: (event) => void events.push(event) },
    wake: () => undefined,
    logger,
    endSessions,
    touchCustomer: async (tx, id) => {
      touched.push(id);
      await tx.customer.update({ where: { id }, data: { revision: { increment: 1 } } });
    },
    abandonedAfterMs,
  });
}

beforeAll(async () => {
  store = await openTestDatabase();
  redis = await openTestRedis('durable');
  rows = accessRows(store.database.db);
  routerId = await rows.router('127.0.9.1', 'secret');
});

beforeEach(() => {
  events = [];
  touched = [];
  sequence += 1;
  streamKey = `${redis.prefix}acct${sequence}`;
  drain = newDrain('one');
});

afterAll(async () => {
  await redis.close();
  await store.drop();
});

function record(sessionKey: string, second: number, more: Partial<AccountingRecord> = {}): AccountingRecord {
  const body = {
    v: 1 as const,
    routerId,
    kind: 'interim' as const,
    receivedAt: Date.UTC(2026, 0, 1, 0, 0, second),
    eventAt: Date.UTC(2026, 0, 1, 0, 0, second),
    sessionKey,
    entitlementId: null,
    acctSessionId: sessionKey,
    username: 'nobody',
    framedIpAddress: null,
    callingStationId: null,
    calledStationId: null,
    nasPortId: null,
    sessionSeconds: second,
    inputOctets: '0',
    outputOctets: '0',
    terminateCause: null,
    ...more,
  };
  return { ...body, dedupKey: createHash('sha256').update(JSON.stringify(body)).digest('base64url') };
}

async function push(...records: AccountingRecord[]): Promise<void> {
  for (const each of records) await redis.redis.xadd(streamKey, '*', 'r', JSON.stringify(each));
}

const sessionOf = (key: string) => store.database.db.session.findUniqueOrThrow({ where: { key } });

describe('the accounting drain', () => {
  test('A1: a packet that comes five times is counted once, and the stream is empty afterwards', async () => {
    const customerId = await rows.customer('a1', 'password');
    const entitlementId = await rows.entitlement(customerId);
    const interim = record('c.a1', 60, { entitlementId, username: 'a1', inputOctets: '700', outputOctets: '300' });
    await push(interim, interim, interim);
    await drain.drainOnce();
    await push(interim, interim);
    await drain.drainOnce();
    const entitlement = await store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(1000n);
    expect(entitlement.usedSeconds).toBe(60n);
    expect(await sessionOf('c.a1')).toMatchObject({ customerId, entitlementId, inputOctets: 700n, state: 'open' });
    expect(await redis.redis.xlen(streamKey)).toBe(0);
    const state = events.map((event) => (event.type === 'session' ? event.state : ''));
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

  test('A3: counters beyond 32 bits are exact', async () => {
    const customerId = await rows.customer('a3', 'password');
    const entitlementId = await rows.entitlement(customerId);
    await push(record('c.a3', 60, { entitlementId, inputOctets: String(3n * 2n ** 32n + 7n), outputOctets: '1' }));
    await drain.drainOnce();
    await push(record('c.a3', 90, { entitlementId, inputOctets: String(2n ** 55n + 1n), outputOctets: '1' }));
    await drain.drainOnce();
    expect((await sessionOf('c.a3')).inputOctets).toBe(2n ** 55n + 1n);
    const entitlement = await store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(2n ** 55n + 2n);
  });

  test('A4: Accounting-On closes the sessions of that NAS at their last update and spares later ones', async () => {
    const rebooted = await rows.router('127.0.9.4', 'secret');
    await push(
      record('c.a4-old', 60, { routerId: rebooted }),
      record('c.a4-other', 60),
      record('c.a4-new', 130, { routerId: rebooted, kind: 'start', sessionSeconds: 0 }),
      record('on', 120, { routerId: rebooted, kind: 'on', sessionSeconds: 0 }),
    );
    await drain.drainOnce();
    expect(await sessionOf('c.a4-old')).toMatchObject({
      state: 'closed',
      terminateCause: 11,
      stoppedAt: new Date(Date.UTC(2026, 0, 1, 0, 1, 0)),
    });
    expect((await sessionOf('c.a4-other')).state).toBe('open');
    expect((await sessionOf('c.a4-new')).state).toBe('open');
  });

  test('A10: passing the quota exhausts the entitlement, refreshes the subject and orders the session ended', async () => {
    const customerId = await rows.customer('a10', 'password');
    const entitlementId = await rows.entitlement(customerId, { quotaOctets: 1_000n });
    await push(record('c.a10', 30, { entitlementId, inputOctets: '400', outputOctets: '599' }));
    await drain.drainOnce();
    expect(touched).toEqual([]);
    await push(record('c.a10', 60, { entitlementId, inputOctets: '400', outputOctets: '600' }));
    await drain.drainOnce();
    const entitlement = await store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement).toMatchObject({ state: 'exhausted', usedOctets: 1_000n });
    expect(touched).toEqual([customerId]);
    const session = await sessionOf('c.a10');
    expect(session.state).toBe('closing');
    const command = await store.database.db.sessionCommand.findFirstOrThrow({ where: { sessionId: session.id } });
    expect(command).toMatchObject({ kind: 'disconnect', state: 'queued', requestedBy: 'system' });
    const jobs = await store.database.db.outboxMessage.findMany({ where: { job: 'session.disconnect' } });
    expect(jobs.map((job) => job.payload)).toContainEqual({ commandId: command.id });
  });

  test('A5: a session without our token is booked on the entitlement its User-Name had then', async () => {
    const customerId = await rows.customer('a5', 'password');
    const entitlementId = await rows.entitlement(customerId, {
      startsAt: new Date(Date.UTC(2025, 11, 31)),
      endsAt: new Date(Date.UTC(2026, 0, 2)),
    });
    await push(record('h.a5', 60, { username: 'a5', inputOctets: '42' }));
    await drain.drainOnce();
    expect(await sessionOf('h.a5')).toMatchObject({ customerId, entitlementId });
    const entitlement = await store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(42n);
  });

  test('A14: records that cannot be merged are put aside with their problem and the batch goes on', async () => {
    const gone = '0190c6d5-7a1e-7000-8000-00000000dead';
    const orphan = record('c.a14-orphan', 60, { routerId: gone });
    const poison = record('c.a14-poison', 60, { inputOctets: '99999999999999999999' });
    await push(record('c.a14-first', 60), orphan, poison);
    await redis.redis.xadd(streamKey, '*', 'r', 'this is not JSON');
    await push(record('c.a14-last', 60));
    await drain.drainOnce();
    expect((await sessionOf('c.a14-first')).state).toBe('open');
    expect((await sessionOf('c.a14-last')).state).toBe('open');
    const problems = await store.database.db.accountingRecord.findMany({ where: { problem: { not: null } } });
    expect(problems).toHaveLength(3);
    expect(problems.find((row) => row.dedupKey === orphan.dedupKey)?.problem).toMatch(/no longer known/);
    expect(problems.find((row) => row.dedupKey === poison.dedupKey)?.problem).toMatch(/out of range/);
    expect(await redis.redis.xlen(streamKey)).toBe(0);
  });

  test('D2: records that came past Redis are merged, and a copy in the stream adds nothing', async () => {
    const customerId = await rows.customer('d2', 'password');
    const entitlementId = await rows.entitlement(customerId);
    const interim = record('c.d2', 60, { entitlementId, inputOctets: '10' });
    await insertUnmergedRecord(store.database.db, interim, JSON.stringify(interim));
    await push(interim);
    await drain.drainOnce();
    const entitlement = await store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(10n);
    const row = await store.database.db.accountingRecord.findUniqueOrThrow({ where: { dedupKey: interim.dedupKey } });
    expect(row.mergedAt).not.toBeNull();
  });

  test('entries that a dead drain had taken are taken over', async () => {
    await drain.drainOnce();
    await push(record('c.dead', 60));
    await redis.redis.call('XREADGROUP', 'GROUP', 'drain', 'dead', 'COUNT', 10, 'STREAMS', streamKey, '>');
    await drain.drainOnce();
    expect((await sessionOf('c.dead')).state).toBe('open');
    expect(await redis.redis.xlen(streamKey)).toBe(0);
  });

  test('two drains at once count every byte once', async () => {
    const customerId = await rows.customer('two', 'password');
    const entitlementId = await rows.entitlement(customerId);
    const all = Array.from({ length: 40 }, (_, session) =>
      [3, 1, 2].map((part) =>
        record(`c.two${session}`, part * 10, { entitlementId, inputOctets: String(part * 100), outputOctets: '1' }),
      ),
    ).flat();
    await push(...all, ...all);
    await Promise.all([drain.drainOnce(), newDrain('two').drainOnce()]);
    await drain.drainOnce();
    const entitlement = await store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(40n * 301n);
    expect(entitlement.usedSeconds).toBe(40n * 30n);
  });

  test('a running drain makes a new session visible within a second and stops without leaving work', async () => {
    const running = newDrain('loop', 15_000);
    running.start();
    await push(record('c.loop', 0, { kind: 'start', sessionSeconds: 0 }));
    const startedMs = performance.now();
    while ((await store.database.db.session.count({ where: { key: 'c.loop' } })) === 0) {
      if (performance.now() - startedMs > 5_000) throw new Error('the session did not appear');
    }
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    await running.stop();
  });
});
