import { SecretBox } from '@turnpike/core/secret-box.js';
import { systemClock } from '@turnpike/core/clock.js';
import { CODE } from '@turnpike/radius/attributes.js';
import type { NasProfile } from '@turnpike/radius/nas-profile.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openStoreProxy, type StoreProxy } from '@turnpike/testkit/store-proxy.js';
import { openDatabase, type Database } from '@turnpike/db/database.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createForgeryWatch } from './forgery-watch.js';
import { createNasActivity } from './nas-activity.js';
import { addNasReports } from './nas-activity.store.js';
import { announceNasChange, createNasDirectory, type NasDirectory } from './nas-directory.js';
import { createNasWatch, type NasWatch } from './nas-watch.js';

interface RadiusProcess {
  readonly nases: NasDirectory;
  readonly watch: NasWatch;
  readonly lines: string[];
  readonly alarms: () => number;
  stop(): Promise<void>;
}

let store: TestDatabase;
let redis: TestRedis;
let proxy: StoreProxy;
let database: Database;
let rows: AccessRows;
const running: RadiusProcess[] = [];

beforeAll(async () => {
  store = await openTestDatabase();
  redis = await openTestRedis('durable');
  proxy = await openStoreProxy(store.url);
  database = openDatabase({ url: proxy.url, applicationName: 'test', maxConnections: 4, statementTimeoutMs: 500 });
  rows = accessRows(store.database.db);
});

afterEach(async () => {
  proxy.restore();
  for (const one of running.splice(0)) await one.stop();
});

afterAll(async () => {
  await database.close();
  await proxy.close();
  await redis.close();
  await store.drop();
});

/** What a RADIUS process has of this, without the sockets. */
async function startProcess(): Promise<RadiusProcess> {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'info', role: 'test', instance: '0', destination });
  const clock = systemClock;
  const { db } = database;
  const channel = `${redis.prefix}nas-changed`;
  const subscriber = redis.open('subscriber');
  const secretBox = new SecretBox([TEST_KEY]);
  const nases = createNasDirectory({ db, secretBox, subscriber, logger, clock, channel, pollMs: 3_600_000 });
  const store = (reports: Parameters<typeof addNasReports>[1]) => addNasReports(db, reports);
  const activity = createNasActivity({ store, clock, logger });
  const forgeries = createForgeryWatch({ clock });
  const announce = () => announceNasChange(redis.redis, channel);
  const watch = createNasWatch({ nases, activity, forgeries, announce, clock, logger });
  await nases.start();
  const one = {
    nases,
    watch,
    lines,
    alarms: () => forgeries.alarms(),
    stop: async () => {
      watch.stop();
      await activity.stop();
      await nases.stop();
    },
  };
  running.push(one);
  return one;
}

function profileAt({ nases }: RadiusProcess, address: string): NasProfile {
  const profile = nases.lookup(address);
  if (profile === undefined) throw new Error(`no NAS at ${address}`);
  return profile;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

const activityOf = (routerId: string) => store.database.db.nasActivity.findUnique({ where: { routerId } });
const signedAccess = { secretIndex: 0, signed: true, code: CODE.ACCESS_REQUEST };
const policy = (process: RadiusProcess, address: string) => profileAt(process, address).messageAuthenticator;

describe('a NAS whose policy is learned', () => {
  test('R6: may leave requests unsigned until its first signed Access-Request, in every process and after restarts', async () => {
    const address = '127.0.64.1';
    const id = await rows.router(address, 'secret', { messageAuthenticator: 'learned' });
    const [one, other] = [await startProcess(), await startProcess()];
    expect([policy(one, address), policy(other, address)]).toEqual(['optional', 'optional']);
    one.watch.verified(profileAt(one, address), { ...signedAccess, signed: false });
    one.watch.verified(profileAt(one, address), { secretIndex: 0, signed: true, code: CODE.STATUS_SERVER });
    one.watch.verified(profileAt(one, address), { secretIndex: 0, signed: false, code: CODE.ACCOUNTING_REQUEST });
    expect(policy(one, address)).toBe('optional');

    one.watch.verified(profileAt(one, address), signedAccess);
    expect(policy(one, address)).toBe('required');
    await until(() => policy(other, address) === 'required');
    expect((await activityOf(id))?.signedAt).toBeInstanceOf(Date);
    expect(policy(await startProcess(), address)).toBe('required');
  });

  test('R6: stays required in this process while PostgreSQL is away, and in all once it is back', async () => {
    const address = '127.0.64.2';
    await rows.router(address, 'secret', { messageAuthenticator: 'learned' });
    const [one, other] = [await startProcess(), await startProcess()];
    proxy.cut();
    one.watch.verified(profileAt(one, address), signedAccess);
    await one.nases.refresh();
    expect(policy(one, address)).toBe('required');
    proxy.restore();
    await one.nases.refresh();
    expect(policy(one, address)).toBe('required');
    await one.stop();
    await other.nases.refresh();
    expect(policy(other, address)).toBe('required');
  });

  test('R6: an operator can make it optional again', async () => {
    const address = '127.0.64.3';
    const id = await rows.router(address, 'secret', { messageAuthenticator: 'learned' });
    const one = await startProcess();
    one.watch.verified(profileAt(one, address), signedAccess);
    await store.database.db.router.update({ where: { id }, data: { messageAuthenticator: 'optional' } });
    await one.nases.refresh();
    expect(policy(one, address)).toBe('optional');
  });
});

describe('a NAS whose secret is rotated', () => {
  test('R13: the first packet with the other secret puts that one first, in every process', async () => {
    const address = '127.0.64.10';
    const id = await rows.router(address, 'new');
    const box = new SecretBox([TEST_KEY]);
    const previousRadiusSecret = box.seal('old', { table: 'router', row: id, column: 'previous_radius_secret' });
    const secretRotatedAt = new Date(Date.now() - 1_000);
    await store.database.db.router.update({ where: { id }, data: { previousRadiusSecret, secretRotatedAt } });
    const [one, other] = [await startProcess(), await startProcess()];
    const first = (process: RadiusProcess) => String(profileAt(process, address).secrets[0]);
    expect([first(one), first(other)]).toEqual(['old', 'old']);
    one.watch.verified(profileAt(one, address), { secretIndex: 1, signed: false, code: CODE.ACCOUNTING_REQUEST });
    await until(() => first(one) === 'new' && first(other) === 'new');
    expect((await activityOf(id))?.currentUsedAt).toBeInstanceOf(Date);
    expect((await activityOf(id))?.previousUsedAt).toBeNull();
  });
});

describe('a NAS with a wrong secret', () => {
  test('R14: is counted, logged once in ten seconds with its address, and shown until a right packet comes', async () => {
    const address = '127.0.64.20';
    const id = await rows.router(address, 'secret');
    const one = await startProcess();
    for (let packet = 0; packet < 500; packet += 1) one.watch.dropped('message-authenticator-mismatch', address, id);
    one.watch.dropped('secret-suspect', address, id);
    const logged = one.lines.filter((line) => line.includes('wrong secret'));
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ address, routerIds: [id], packets: 1 }]);
    await one.stop();
    expect(await activityOf(id)).toMatchObject({ mismatches: 501n });
    const next = await startProcess();
    expect(next.nases.mismatched()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    next.watch.verified(profileAt(next, address), signedAccess);
    await next.stop();
    expect((await startProcess()).nases.mismatched()).toBe(0);
  });

  test('R14: other drops say nothing about its secret', async () => {
    const address = '127.0.64.21';
    const id = await rows.router(address, 'secret');
    const one = await startProcess();
    for (const reason of ['no-answer', 'overloaded', 'wrong-code', 'message-authenticator-missing'] as const) {
      one.watch.dropped(reason, address, id);
    }
    one.watch.dropped('throttled', address, id);
    await one.stop();
    expect(await activityOf(id)).toMatchObject({ mismatches: 0n, throttled: 1n });
  });

  test('R5: over ten forged packets a minute raise an alarm; suspect passwords alone do not', async () => {
    const [forged, suspect] = ['127.0.64.22', '127.0.64.23'];
    const ids = [await rows.router(forged, 'secret'), await rows.router(suspect, 'secret')];
    const one = await startProcess();
    for (let packet = 0; packet < 11; packet += 1) one.watch.dropped('authenticator-mismatch', forged, ids[0]);
    for (let packet = 0; packet < 11; packet += 1) one.watch.dropped('secret-suspect', suspect, ids[1]);
    expect(one.alarms()).toBe(1);
  });

  test('R13: a process that missed the news of a rotation learns of it from the first packet that does not fit', async () => {
    const address = '127.0.64.24';
    const id = await rows.router(address, 'old');
    const one = await startProcess();
    const radiusSecret = new SecretBox([TEST_KEY]).seal('new', { table: 'router', row: id, column: 'radius_secret' });
    await store.database.db.router.update({ where: { id }, data: { radiusSecret } });
    await until(() => {
      one.watch.dropped('authenticator-mismatch', address, id);
      return String(profileAt(one, address).secrets[0]) === 'new';
    });
    expect(profileAt(one, address).secrets).toEqual([Buffer.from('new')]);
  });
});
