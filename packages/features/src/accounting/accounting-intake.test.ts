import { systemClock } from '@turnpike/core/clock.js';
import { openDatabase, type Database } from '@turnpike/db/database.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openRedis, waitUntilReady, type Redis } from '@turnpike/runtime/redis.js';
import { openStoreProxy, type StoreProxy } from '@turnpike/testkit/store-proxy.js';
import { createBreaker, type Breaker } from '../access/breaker.js';
import { createAccountingIntake, type AccountingIntake, type IntakePath } from './accounting-intake.js';
import { decodeRecord } from './accounting-record.js';
import { openAccountingRig, type AccountingRig } from './accounting-rig.js';

let rig: AccountingRig;
let redisProxy: StoreProxy;
let postgresProxy: StoreProxy;
let redis: Redis;
let database: Database;
let intake: AccountingIntake;
let breaker: Breaker;

beforeAll(async () => {
  rig = await openAccountingRig('127.0.9.50');
  redisProxy = await openStoreProxy(rig.redis.url);
  postgresProxy = await openStoreProxy(rig.store.url);
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  redis = openRedis({ url: redisProxy.url, role: 'durable', use: 'radius', logger });
  await waitUntilReady(redis, 5_000);
  database = openDatabase({
    url: postgresProxy.url,
    applicationName: 'intake',
    maxConnections: 5,
    statementTimeoutMs: 1_000,
  });
});

beforeEach(async () => {
  rig.fresh();
  redisProxy.restore();
  postgresProxy.restore();
  await untilRedisAnswers();
  breaker = createBreaker({ clock: systemClock });
  intake = createAccountingIntake({ redis, stream: rig.streamKey, breaker, db: database.db });
});

afterAll(async () => {
  redis.disconnect();
  await database.close();
  await redisProxy.close();
  await postgresProxy.close();
  await rig.close();
});

const many = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => rig.record(`c.${name}${at}`, 60, { inputOctets: String(at) }));

const keepAll = (records: ReturnType<typeof many>): Promise<IntakePath[]> => Promise.all(records.map(intake.keep));

async function waitingKeys(): Promise<string[]> {
  const rows = await rig.store.database.db.accountingRecord.findMany({ where: { mergedAt: null } });
  return rows.map((row) => decodeRecord(JSON.stringify(row.body))?.sessionKey ?? '').sort();
}

describe('the accounting intake', () => {
  test('packets of one turn share an entry of the stream, and the drain takes every one of them in', async () => {
    const records = many('shared', 150);
    expect(new Set(await keepAll(records))).toEqual(new Set(['redis']));
    expect(await rig.redis.redis.xlen(rig.streamKey)).toBe(3);
    await rig.newDrain('shared').drainOnce();
    const keys = records.map((record) => record.sessionKey);
    expect(await rig.store.database.db.session.count({ where: { key: { in: keys } } })).toBe(150);
    expect(await rig.redis.redis.xlen(rig.streamKey)).toBe(0);
  });

  test('D2: a Redis that hangs costs a packet its time limit and no more, and the record is in PostgreSQL', async () => {
    redisProxy.hang();
    const records = many('hung', 20);
    const startedMs = performance.now();
    expect(new Set(await keepAll(records))).toEqual(new Set(['postgres']));
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(100);
    expect(tookMs).toBeLessThan(1_500);
    expect(await waitingKeys()).toEqual(records.map((record) => record.sessionKey).sort());
    for (const each of many('hung-later', 6)) await intake.keep(each);
    expect(breaker.isOpen).toBe(true);
    await rig.newDrain('hung').drainOnce();
    expect(await waitingKeys()).toEqual([]);
  });

  test('D1: with Redis gone the records of many packets are committed together', async () => {
    redisProxy.cut();
    const before = await commits();
    const records = many('gone', 600);
    expect(new Set(await keepAll(records))).toEqual(new Set(['postgres']));
    expect(await waitingKeys()).toHaveLength(600);
    expect((await commits()) - before).toBeLessThan(100);
    await rig.newDrain('gone').drainOnce();
    expect(await waitingKeys()).toEqual([]);
  });

  test('D4: a Redis that is full refuses, and the record is in PostgreSQL', async () => {
    await rig.redis.redis.set(rig.streamKey, 'XADD is refused here, as by a server without memory');
    const [record] = many('full', 1);
    if (record === undefined) throw new Error('one of one');
    expect(await intake.keep(record)).toBe('postgres');
    expect(await waitingKeys()).toEqual([record.sessionKey]);
    await rig.redis.redis.del(rig.streamKey);
    await rig.newDrain('full').drainOnce();
    expect(await waitingKeys()).toEqual([]);
  });

  test('R17: with both stores gone nothing is acknowledged', async () => {
    redisProxy.cut();
    postgresProxy.cut();
    const outcomes = await Promise.allSettled(many('nowhere', 5).map(intake.keep));
    expect(outcomes.map((each) => each.status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    postgresProxy.restore();
    redisProxy.restore();
    expect(await waitingKeys()).toEqual([]);
  });

  test('A1: a record that went both ways is counted once', async () => {
    const customerId = await rig.rows.customer('both', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const record = rig.record('c.both', 60, { entitlementId, inputOctets: '7' });
    expect(await intake.keep(record)).toBe('redis');
    redisProxy.cut();
    expect(await intake.keep(record)).toBe('postgres');
    await Promise.all([rig.newDrain('both1').drainOnce(), rig.newDrain('both2').drainOnce()]);
    const entitlement = await rig.store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(7n);
  });
});

async function untilRedisAnswers(): Promise<void> {
  const deadlineMs = performance.now() + 5_000;
  for (let answer = ''; answer !== 'PONG'; answer = await redis.ping().catch(() => '')) {
    await new Promise((resolve) => setImmediate(resolve));
    if (performance.now() > deadlineMs) throw new Error('Redis did not come back');
  }
}

/** Transactions that the accounting records were written in. */
async function commits(): Promise<number> {
  const rows = await rig.store.database.db.$queryRaw<{ commits: number }[]>`
    SELECT count(DISTINCT xmin::text)::int AS commits FROM accounting_record`;
  return rows[0]?.commits ?? 0;
}
