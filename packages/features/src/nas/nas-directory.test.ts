import { SecretBox } from '@turnpike/core/secret-box.js';
import { parsePacket } from '@turnpike/radius/packet.js';
import { encodeRequest } from '@turnpike/radius/encode.js';
import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { textAttr } from '@turnpike/radius/value-codec.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { createSteerableClock, type SteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openStoreProxy, type StoreProxy } from '@turnpike/testkit/store-proxy.js';
import { openDatabase, type Database } from '@turnpike/db/database.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { announceNasChange, createNasDirectory, type NasDirectory } from './nas-directory.js';

let store: TestDatabase;
let redis: TestRedis;
let proxy: StoreProxy;
let database: Database;
let rows: AccessRows;
let nases: NasDirectory;
let clock: SteerableClock;
let lines: string[];

beforeAll(async () => {
  store = await openTestDatabase();
  redis = await openTestRedis('durable');
  proxy = await openStoreProxy(store.url);
  database = openDatabase({ url: proxy.url, applicationName: 'test', maxConnections: 2 });
  rows = accessRows(store.database.db);
  clock = createSteerableClock();
  lines = [];
  nases = createNasDirectory({
    db: database.db,
    secretBox: new SecretBox([TEST_KEY]),
    subscriber: redis.open('subscriber'),
    logger: createLogger({
      level: 'info',
      role: 'test',
      instance: '0',
      destination: { write: (line) => void lines.push(line) },
    }),
    clock,
    channel: `${redis.prefix}nas-changed`,
    pollMs: 3_600_000,
  });
  await nases.start();
});

afterAll(async () => {
  await nases.stop();
  await database.close();
  await proxy.close();
  await redis.close();
  await store.drop();
});

function requestFrom(address: string, secret: string, identifier?: string) {
  const profile = nases.lookup(address);
  if (profile === undefined) throw new Error(`no NAS at ${address}`);
  const { datagram } = encodeRequest({
    code: CODE.ACCESS_REQUEST,
    identifier: 1,
    secret: Buffer.from(secret),
    messageAuthenticator: true,
    attributes: identifier === undefined ? [] : [textAttr(ATTR.NAS_IDENTIFIER, identifier)],
  });
  const parsed = parsePacket(datagram);
  if (!parsed.ok) throw new Error(parsed.reason);
  const source = { address, port: 1 };
  const fixed = { secretIndex: 0, signed: true, secretProven: true, receivedAt: new Date(0) };
  return { nas: profile, packet: parsed.packet, secret: Buffer.from(secret), source, ...fixed };
}

describe('the directory of NASes', () => {
  test('R7: an unknown source is unknown, a known one has its secret and policy', async () => {
    const id = await rows.router('127.0.66.1', 'one', { messageAuthenticator: 'optional' });
    await nases.refresh();
    expect(nases.lookup('127.0.66.2')).toBeUndefined();
    expect(nases.lookup('127.0.66.1')).toEqual({ id, secrets: [Buffer.from('one')], messageAuthenticator: 'optional' });
  });

  test('routers behind one address are told apart by secret, and by NAS-Identifier where secrets are equal', async () => {
    const address = '127.0.66.10';
    const first = await rows.router(address, 'alpha');
    const second = await rows.router(address, 'beta', { nasIdentifier: 'b2' });
    const third = await rows.router(address, 'beta', { nasIdentifier: 'b3' });
    await nases.refresh();
    expect(nases.lookup(address)?.secrets).toEqual([Buffer.from('alpha'), Buffer.from('beta')]);
    expect(nases.routerOf(requestFrom(address, 'alpha'))).toBe(first);
    expect(nases.routerOf(requestFrom(address, 'beta', 'b2'))).toBe(second);
    expect(nases.routerOf(requestFrom(address, 'beta', 'b3'))).toBe(third);
    expect(nases.routerOf(requestFrom(address, 'beta'))).toBeUndefined();
  });

  test('the management address stands in until a source address is known, unless another router has it', async () => {
    const guessed = await rows.router('', 'guess', { nasAddress: null, address: '127.0.66.20' });
    await rows.router('', 'other', { nasAddress: null, address: '127.0.66.21' });
    const explicit = await rows.router('127.0.66.21', 'explicit');
    await nases.refresh();
    expect(nases.lookup('127.0.66.20')?.id).toBe(guessed);
    expect(nases.lookup('127.0.66.21')).toMatchObject({ id: explicit, secrets: [Buffer.from('explicit')] });
  });

  test('the last known routers stay in force while PostgreSQL is away', async () => {
    await rows.router('127.0.66.30', 'stays');
    await nases.refresh();
    proxy.cut();
    await nases.refresh();
    expect(nases.lookup('127.0.66.30')).toBeDefined();
    expect(nases.isLoaded()).toBe(true);
    proxy.restore();
  });

  test('a poke makes a new router known without waiting for the poll', async () => {
    await rows.router('127.0.66.40', 'poked');
    await announceNasChange(redis.redis, `${redis.prefix}nas-changed`);
    while (nases.lookup('127.0.66.40') === undefined) await new Promise((resolve) => setImmediate(resolve));
    expect(nases.lookup('127.0.66.40')).toBeDefined();
  });

  test('R7: strangers are logged once in ten seconds, with how many packets they sent', () => {
    lines.length = 0;
    for (let packet = 0; packet < 1_000; packet += 1) nases.unknownSource('127.0.66.99');
    expect(lines).toHaveLength(1);
    clock.advance(10_000);
    nases.unknownSource('127.0.66.99');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ address: '127.0.66.99', packets: 1_000 });
  });

  test('R7: a stranger may be a router that was just added: its packets make the routers be read again, not each of them', async () => {
    clock.advance(2_000);
    await rows.router('127.0.66.50', 'unannounced');
    for (let packet = 0; packet < 100; packet += 1) nases.unknownSource('127.0.66.50');
    await nases.refresh();
    expect(nases.lookup('127.0.66.50')).toBeDefined();
    await rows.router('127.0.66.51', 'unannounced');
    nases.unknownSource('127.0.66.51');
    await store.database.db.$queryRaw`SELECT 1`;
    expect(nases.lookup('127.0.66.51')).toBeUndefined();
  });

  test('knows the site of a router', async () => {
    const id = await rows.router('127.0.66.60', 'sited', { site: 'Mombasa' });
    const elsewhere = await rows.router('127.0.66.61', 'unsited');
    await nases.refresh();
    expect([nases.siteOf(id), nases.siteOf(elsewhere)]).toEqual(['Mombasa', null]);
  });

  test('R13: both secrets of a rotation are live, the one in use first, and stay the same Buffers', async () => {
    const address = '127.0.66.70';
    const id = await rows.router(address, 'new');
    const box = new SecretBox([TEST_KEY]);
    const previousRadiusSecret = box.seal('old', { table: 'router', row: id, column: 'previous_radius_secret' });
    const at = new Date('2026-01-01T00:00:00.000Z');
    const { db } = store.database;
    await db.router.update({ where: { id }, data: { previousRadiusSecret, secretRotatedAt: at } });
    const secrets = async () => {
      await nases.refresh();
      return (nases.lookup(address)?.secrets ?? []).map(String);
    };
    expect(await secrets()).toEqual(['old', 'new']);
    const [old] = nases.lookup(address)?.secrets ?? [];
    expect(nases.keysOf(nases.lookup(address) ?? { id, secrets: [], messageAuthenticator: 'required' }, 1)).toEqual([
      { row: expect.objectContaining({ id, generation: at.getTime() }), use: 'current' },
    ]);
    await db.router.update({ where: { id }, data: { deployedSecretFingerprint: box.fingerprint('new') } });
    expect(await secrets()).toEqual(['new', 'old']);
    expect(nases.lookup(address)?.secrets[1]).toBe(old);
    const used = (seconds: number) => new Date(at.getTime() + seconds * 1_000);
    await db.nasActivity.create({ data: { routerId: id, currentUsedAt: used(1), previousUsedAt: used(2) } });
    expect(await secrets()).toEqual(['old', 'new']);
    await db.nasActivity.update({ where: { routerId: id }, data: { currentUsedAt: used(3) } });
    expect(await secrets()).toEqual(['new', 'old']);
  });

  test('R6: one router that demands signatures demands them of all behind its address', async () => {
    const address = '127.0.66.80';
    await rows.router(address, 'a', { messageAuthenticator: 'optional' });
    await rows.router(address, 'b', { messageAuthenticator: 'learned' });
    await nases.refresh();
    expect(nases.lookup(address)?.messageAuthenticator).toBe('optional');
    await rows.router(address, 'c', { messageAuthenticator: 'required' });
    await nases.refresh();
    expect(nases.lookup(address)?.messageAuthenticator).toBe('required');
  });

  test('what did not change stays the same object: a reading costs nothing, and one change touches one NAS', async () => {
    const [kept, changed] = ['127.0.66.90', '127.0.66.91'];
    await rows.router(kept, 'kept');
    const id = await rows.router(changed, 'changed');
    await nases.refresh();
    const before = [nases.lookup(kept), nases.lookup(changed)];
    await store.database.db.nasActivity.create({ data: { routerId: id, currentUsedAt: clock.now(), signedAt: null } });
    await nases.refresh();
    expect([nases.lookup(kept), nases.lookup(changed)].map((profile, index) => profile === before[index])).toEqual([
      true,
      true,
    ]);
    await store.database.db.router.update({ where: { id }, data: { messageAuthenticator: 'optional' } });
    await nases.refresh();
    expect(nases.lookup(kept)).toBe(before[0]);
    expect(nases.lookup(changed)).toMatchObject({ id, messageAuthenticator: 'optional' });
    await store.database.db.router.update({ where: { id }, data: { nasAddress: null } });
    await nases.refresh();
    expect(nases.lookup(changed)).toBeUndefined();
  });
});
