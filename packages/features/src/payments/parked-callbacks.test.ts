import { randomBytes } from 'node:crypto';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { openDatabase, type Database } from '@turnpike/db/database.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openStoreProxy, type StoreProxy } from '@turnpike/testkit/store-proxy.js';
import { testSetting } from '@turnpike/testkit/test-environment.js';
import { v7 as uuidv7 } from 'uuid';
import { createParkedMover } from './move-parked.js';
import { createParkedCallbacks } from './parked-callbacks.js';
import { openPaymentsRig, PAYBILL_TOKEN, type PaymentsRig } from './payments-rig.js';
import { stkResult } from './test-daraja.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const forever = new AbortController().signal;
const QUERY_PATH = '/mpesa/stkpushquery/v1/query';
const ip = '196.201.214.200';

let rig: PaymentsRig;
/** The API's way to PostgreSQL, which can be taken away. */
let proxy: StoreProxy;
let database: Database;
let packageId: string;

beforeAll(async () => {
  rig = await openPaymentsRig();
  const [row] = await rig.db.$queryRaw<{ name: string }[]>`SELECT current_database() AS name`;
  const url = new URL(testSetting('TEST_DATABASE_URL'));
  url.pathname = `/${row?.name ?? ''}`;
  proxy = await openStoreProxy(url.href);
  database = openDatabase({ url: proxy.url, applicationName: 'turnpike-test', maxConnections: 2 });
  packageId = (await rig.newPackage()).id;
});

afterAll(async () => {
  await database.close();
  await proxy.close();
  await rig.close();
});

beforeEach(() => proxy.restore());
afterEach(() => rig.forget());

const intakeOverProxy = (patienceMs = 1_000) => rig.newIntake([], { sql: database.db, patienceMs });
const entries = () => rig.parked.read(undefined, 100);
const messages = () => rig.db.paymentMessage.findMany({ orderBy: { id: 'asc' } });
const newEntry = () => ({
  id: uuidv7(),
  outboxId: uuidv7(),
  kind: 'callback' as const,
  tokenHash: randomBytes(32).toString('base64url'),
  body: '{}',
  sourceAddress: ip,
});

describe('results that arrive while PostgreSQL is away', () => {
  test('M4: are answered 200, wait encrypted, and settle the payment once it is back, without a query', async () => {
    const { token, reference, checkoutId } = await rig.asked(packageId);
    proxy.cut();
    const raw = stkResult({ id: checkoutId, receipt: 'SGR0000001' });
    for (let copy = 0; copy < 3; copy += 1) {
      expect(await intakeOverProxy().callback({ token, raw, ip })).toEqual({ ResultCode: 0, ResultDesc: 'Accepted' });
    }
    expect(rig.callbacks).toEqual(['parked', 'parked', 'parked']);
    expect(await messages()).toEqual([]);
    const stored = JSON.stringify(await rig.redis.redis.xrange(`${rig.redis.prefix}payment-callbacks`, '-', '+'));
    for (const secret of ['SGR0000001', checkoutId, '254712345678', ip, token]) expect(stored).not.toContain(secret);
    expect(await rig.moveParked()).toBe(3);
    expect(await entries()).toEqual([]);
    expect(await rig.runJobs()).toEqual([]);
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded', receipt: 'SGR0000001', checks: 0 });
    expect((await messages()).map(({ state }) => state).sort()).toEqual(['handled', 'ignored', 'ignored']);
    expect(await rig.db.entitlement.count()).toBe(1);
    expect(rig.daraja.asked.get(QUERY_PATH)).toBeUndefined();
  });

  test('M5: nor does one that hangs keep M-Pesa waiting', async () => {
    const { token, reference, checkoutId } = await rig.asked(packageId);
    proxy.hang();
    const startedMs = performance.now();
    await intakeOverProxy(100).callback({ token, raw: stkResult({ id: checkoutId, receipt: 'SGR0000002' }), ip });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    proxy.restore();
    await rig.moveParked();
    await rig.runJobs();
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded', receipt: 'SGR0000002' });
  });

  test('a payment to the paybill waits too', async () => {
    proxy.cut();
    await intakeOverProxy().confirmation({ token: PAYBILL_TOKEN, raw: '{"TransID":"x"}', ip });
    expect(await rig.moveParked()).toBe(1);
    expect(await messages()).toMatchObject([{ kind: 'paybill', paymentId: null, body: '{"TransID":"x"}' }]);
    expect(await rig.jobs('payment.message')).toHaveLength(1);
  });

  test('one that PostgreSQL kept after all, only too late, is the same message', async () => {
    const { token } = await rig.asked(packageId);
    const sql = {
      $queryRaw: () => Promise.reject(new Error('not used')),
      $executeRaw: async (...query: Parameters<typeof rig.db.$executeRaw>) => {
        await rig.db.$executeRaw(...query);
        return new Promise<never>(() => undefined);
      },
    };
    await rig.newIntake([], { sql, patienceMs: 200 }).callback({ token, raw: '{}', ip });
    expect(rig.callbacks).toEqual(['parked']);
    expect(await rig.moveParked()).toBe(0);
    expect([await messages(), await rig.jobs('payment.message'), await entries()]).toMatchObject([
      [{ state: 'waiting' }],
      [{}],
      [],
    ]);
  });
});

describe('moving what waited', () => {
  test('keeps each once, whoever moves at the same time and whatever dies before it is removed', async () => {
    const { token } = await rig.asked(packageId);
    proxy.cut();
    const intake = intakeOverProxy();
    for (let n = 0; n < 20; n += 1) await intake.callback({ token, raw: `{"n":${n}}`, ip });
    const deps = { sql: rig.db, parked: rig.parked, wake: () => undefined, logger };
    const dying = createParkedMover({
      ...deps,
      crash: {
        pass: (label) => {
          throw new Error(label);
        },
      },
    });
    await expect(dying(forever)).rejects.toThrow('worker.parked-moved');
    expect(await entries()).toHaveLength(20);
    await Promise.all([1, 2, 3].map(() => createParkedMover(deps)(forever)));
    expect([(await messages()).length, (await rig.jobs('payment.message')).length]).toEqual([20, 20]);
    expect(await entries()).toEqual([]);
  });

  test('M1: strangers store nothing; what names no payment of ours is dropped', async () => {
    proxy.cut();
    const intake = intakeOverProxy();
    for (const token of ['', 'A'.repeat(64), randomBytes(48).toString('base64url')]) {
      await expect(intake.callback({ token, raw: '{}', ip })).rejects.toMatchObject({ code: 'unavailable' });
    }
    await expect(intake.confirmation({ token: 'guessed', raw: '{}', ip })).rejects.toMatchObject({ code: 'not_found' });
    expect(await entries()).toEqual([]);
    await intake.callback({ token: rig.tokens.of(uuidv7()), raw: '{}', ip });
    expect(await rig.moveParked()).toBe(0);
    expect([await messages(), await entries(), await rig.jobs('payment.message')]).toEqual([[], [], []]);
  });

  test('what is larger than a result, or more than Redis has room for, is not taken', async () => {
    const { redis, prefix } = rig.redis;
    const parked = createParkedCallbacks({ redis, secretBox: rig.secretBox, prefix, mostWaiting: 2 });
    await expect(parked.park({ ...newEntry(), body: 'x'.repeat(4_097) })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('larger than'),
    });
    await parked.park(newEntry());
    await parked.park({ ...newEntry(), body: 'x'.repeat(4_096) });
    await expect(parked.park(newEntry())).rejects.toMatchObject({ message: expect.stringContaining('too many') });
  });

  test('one that cannot be read, as its key is gone, stays and keeps nobody waiting', async () => {
    const { redis, prefix } = rig.redis;
    const foreign = createParkedCallbacks({ redis, secretBox: new SecretBox(['99'.repeat(32)]), prefix });
    await foreign.park({ ...newEntry(), kind: 'paybill' });
    await rig.parked.park({ ...newEntry(), kind: 'paybill' });
    expect(await rig.moveParked()).toBe(1);
    expect(await rig.moveParked()).toBe(0);
    expect(await entries()).toMatchObject([{ message: undefined }]);
  });

  test('one that PostgreSQL refuses for what is in it is dropped, the others are kept', async () => {
    for (const body of ['{"a":1}', 'a NUL: \0', '{"b":1}']) {
      await rig.parked.park({ ...newEntry(), kind: 'paybill', body });
    }
    expect(await rig.moveParked()).toBe(2);
    expect((await messages()).map(({ body }) => body)).toEqual(['{"a":1}', '{"b":1}']);
    expect(await entries()).toEqual([]);
  });
});
