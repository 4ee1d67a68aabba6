import { createLogger } from '@turnpike/runtime/logger.js';
import { accessRows } from '@turnpike/testkit/access-rows.js';
import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openStoreProxy, type StoreProxy } from '@turnpike/testkit/store-proxy.js';
import { openDatabase, type Database } from '@turnpike/db/database.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { createNasActivity } from './nas-activity.js';
import { addNasReports, type NasReport } from './nas-activity.store.js';
import type { SecretUse } from './nas-row.js';

let store: TestDatabase;
let proxy: StoreProxy;
let database: Database;

const START = new Date('2026-05-01T08:00:00.000Z');
const clock = createSteerableClock(START);
const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });

beforeAll(async () => {
  store = await openTestDatabase();
  proxy = await openStoreProxy(store.url);
  database = openDatabase({ url: proxy.url, applicationName: 'test', maxConnections: 2, statementTimeoutMs: 500 });
});

afterAll(async () => {
  await database.close();
  await proxy.close();
  await store.drop();
});

function newActivity(reported: (readonly NasReport[])[] = []) {
  return createNasActivity({
    clock,
    logger,
    store: async (reports) => {
      reported.push(reports);
      await addNasReports(database.db, reports);
    },
  });
}

let made = 0;
async function newRouter(): Promise<string> {
  made += 1;
  return accessRows(store.database.db).router(`127.0.65.${made}`, 'secret');
}

function keyOf(id: string, use: SecretUse = 'current', generation: number | null = null) {
  const row = { id, address: '', identifier: null, site: null, secrets: [], inUse: use, generation } as const;
  return {
    use,
    row: { ...row, messageAuthenticator: 'required', learning: false, rateLimit: null, mismatched: false },
  } as const;
}

const stored = (routerId: string) => store.database.db.nasActivity.findUnique({ where: { routerId } });
const signed = { signed: true, proven: true };

describe('what the NASes do', () => {
  test('R13: the newest packet of each secret and the newest signed one are stored', async () => {
    const id = await newRouter();
    const activity = newActivity();
    activity.used(keyOf(id), signed);
    clock.advance(1_000);
    activity.used(keyOf(id, 'previous'), { signed: false, proven: true });
    clock.advance(1_000);
    activity.used(keyOf(id), { signed: false, proven: false });
    await activity.flush();
    const at = (ms: number) => new Date(clock.now().getTime() - ms);
    expect(await stored(id)).toMatchObject({
      currentUsedAt: at(2_000),
      signedAt: at(2_000),
      previousUsedAt: at(1_000),
      lastRequestAt: at(0),
      mismatches: 0n,
      throttled: 0n,
    });
  });

  test('R14: several processes may report on one NAS: counts add up, the newest time wins in any order', async () => {
    const id = await newRouter();
    const [early, late] = [newActivity(), newActivity()];
    early.used(keyOf(id), signed);
    early.mismatched(id);
    early.throttled(id);
    clock.advance(5_000);
    late.used(keyOf(id), signed);
    for (let packet = 0; packet < 3; packet += 1) late.mismatched(id);
    late.throttled(id);
    await late.flush();
    await early.flush();
    const now = clock.now();
    expect(await stored(id)).toMatchObject({
      lastRequestAt: now,
      currentUsedAt: now,
      signedAt: now,
      mismatches: 4n,
      lastMismatchAt: now,
      throttled: 2n,
      lastThrottledAt: now,
    });
  });

  test('many NASes are stored in one statement, by several processes at once', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => newRouter()));
    const reported: (readonly NasReport[])[] = [];
    const processes = Array.from({ length: 4 }, () => newActivity(reported));
    for (const [index, activity] of processes.entries()) {
      for (const id of index % 2 === 0 ? ids : [...ids].reverse()) activity.mismatched(id);
    }
    await Promise.all(processes.map((activity) => activity.flush()));
    expect(reported.map((reports) => reports.length)).toEqual([50, 50, 50, 50]);
    const rows = await store.database.db.nasActivity.findMany({ where: { routerId: { in: ids } } });
    expect(rows.map((row) => row.mismatches)).toEqual(ids.map(() => 4n));
  });

  test('a dead database costs nothing but the delay, and no more memory however many packets come', async () => {
    const [id, other] = [await newRouter(), await newRouter()];
    const reported: (readonly NasReport[])[] = [];
    const activity = newActivity(reported);
    proxy.cut();
    for (let round = 0; round < 3; round += 1) {
      for (let packet = 0; packet < 1_000; packet += 1) activity.mismatched(id);
      activity.used(keyOf(other), signed);
      clock.advance(1_000);
      await activity.flush();
    }
    expect(reported.map((reports) => reports.length)).toEqual([2, 2, 2]);
    expect(await stored(id)).toBeNull();
    proxy.restore();
    await activity.flush();
    expect(await stored(id)).toMatchObject({ mismatches: 3_000n });
    expect(await stored(other)).toMatchObject({ signedAt: new Date(clock.now().getTime() - 1_000) });
    await activity.flush();
    expect(await stored(id)).toMatchObject({ mismatches: 3_000n });
  });

  test('R13: what was seen of secrets before a rotation is not taken for a use of the new ones', async () => {
    const id = await newRouter();
    const activity = newActivity();
    activity.used(keyOf(id, 'current', null), signed);
    const rotatedAt = new Date(clock.now().getTime() + 10);
    await store.database.db.router.update({ where: { id }, data: { secretRotatedAt: rotatedAt } });
    await activity.flush();
    expect(await stored(id)).toMatchObject({ currentUsedAt: null, previousUsedAt: null, lastRequestAt: clock.now() });
    activity.used(keyOf(id, 'current', null), signed);
    clock.advance(20);
    activity.used(keyOf(id, 'previous', rotatedAt.getTime()), signed);
    await activity.flush();
    expect(await stored(id)).toMatchObject({ currentUsedAt: null, previousUsedAt: clock.now() });
  });

  test('a router that was deleted meanwhile does not spoil the report of the others', async () => {
    const [id, gone] = [await newRouter(), await newRouter()];
    const activity = newActivity();
    activity.mismatched(gone);
    activity.mismatched(id);
    await store.database.db.router.delete({ where: { id: gone } });
    await activity.flush();
    expect(await stored(id)).toMatchObject({ mismatches: 1n });
    expect(await stored(gone)).toBeNull();
  });

  test('what comes while a report is under way is in the one that stop sends', async () => {
    const id = await newRouter();
    const activity = newActivity();
    activity.start();
    activity.mismatched(id);
    const flushed = activity.flush();
    activity.mismatched(id);
    await activity.stop();
    await flushed;
    expect(await stored(id)).toMatchObject({ mismatches: 2n });
  });
});
