import { accessRows, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { accessJobs } from './access.jobs.js';
import { createSubjectCache, type SubjectCache } from './subject-cache.js';
import { aSubject, uuidOf } from './access-rig.js';
import { decodeSnapshot, type SubjectSnapshot } from './subject-snapshot.js';
import { rebuildLostSubjects, refreshSubjects } from './subject-rebuild.js';
import { readSubjectById } from './subject.store.js';

let redis: TestRedis;
let store: TestDatabase;
let rows: AccessRows;
let cache: SubjectCache;

beforeAll(async () => {
  redis = await openTestRedis('durable');
  store = await openTestDatabase();
  rows = accessRows(store.database.db);
  cache = createSubjectCache(redis.redis, redis.prefix);
});

afterAll(async () => {
  await redis.close();
  await store.drop();
});

const name = (text: string): Buffer => Buffer.from(text, 'utf8');

function snapshot(customerId: string, revision: number, macs: string[] = []): SubjectSnapshot {
  return aSubject(customerId, { revision, devices: macs.map((mac) => ({ mac, blocked: false })) });
}

const read = async (username: Buffer) => decodeSnapshot((await cache.read(username)) ?? '');
const ownerOf = async (mac: string) => decodeSnapshot((await cache.readByDevice(mac)) ?? '')?.customerId;

describe('the snapshots in Redis', () => {
  test('an older revision never replaces a newer one', async () => {
    await cache.write(name('order'), snapshot('one', 7));
    await cache.write(name('order'), snapshot('one', 6));
    expect((await read(name('order')))?.revision).toBe(7);
    await cache.write(name('order'), snapshot('one', 8));
    expect((await read(name('order')))?.revision).toBe(8);
  });

  test('a renamed customer is known by the new name only, and a late writer cannot bring the old one back', async () => {
    await cache.write(name('before'), snapshot('renamed', 1));
    await cache.write(name('after'), snapshot('renamed', 2));
    await cache.write(name('before'), snapshot('renamed', 1));
    expect(await read(name('before'))).toBeUndefined();
    expect((await read(name('after')))?.customerId).toBe('renamed');
  });

  test('a name that another customer has taken over stays with that one', async () => {
    await cache.write(name('shared'), snapshot('first', 1));
    await cache.write(name('shared'), snapshot('second', 1));
    await cache.write(name('elsewhere'), snapshot('first', 2));
    await cache.remove('first');
    expect((await read(name('shared')))?.customerId).toBe('second');
  });

  test('a removed customer cannot be written back by who read the row before', async () => {
    await cache.write(name('gone'), snapshot('gone', 3));
    await cache.remove('gone');
    await cache.write(name('gone'), snapshot('gone', 3));
    expect(await read(name('gone'))).toBeUndefined();
  });

  test('R16: names of any bytes are apart from each other', async () => {
    const names = [
      Buffer.from([0]),
      Buffer.from([0, 0]),
      Buffer.from([0xff, 0xfe]),
      Buffer.alloc(253, 0x41),
      name(' '),
    ];
    await Promise.all(names.map((each, index) => cache.write(each, snapshot(`bytes${index}`, 1))));
    const found = await Promise.all(names.map((each) => read(each)));
    expect(found.map((each) => each?.customerId)).toEqual(names.map((_, index) => `bytes${index}`));
  });

  test('a device leads to its owner, and to nobody once it is off the list', async () => {
    await cache.write(name('owner'), snapshot('owner', 1, ['02:00:00:00:00:01', '02:00:00:00:00:02']));
    expect(await ownerOf('02:00:00:00:00:01')).toBe('owner');
    await cache.write(name('owner'), snapshot('owner', 2, ['02:00:00:00:00:02']));
    expect(await ownerOf('02:00:00:00:00:01')).toBeUndefined();
    expect(await ownerOf('02:00:00:00:00:02')).toBe('owner');
    await cache.remove('owner');
    expect(await ownerOf('02:00:00:00:00:02')).toBeUndefined();
  });

  test('a device that changed hands belongs to the new owner, whoever is written last', async () => {
    const mac = '02:00:00:00:00:03';
    await cache.write(name('seller'), snapshot('seller', 1, [mac]));
    await cache.write(name('buyer'), snapshot('buyer', 1, [mac]));
    await cache.write(name('seller'), snapshot('seller', 2));
    expect(await ownerOf(mac)).toBe('buyer');
    await cache.remove('seller');
    expect(await ownerOf(mac)).toBe('buyer');
  });

  test('a renamed customer is still found by device', async () => {
    await cache.write(name('old name'), snapshot('moving', 1, ['02:00:00:00:00:04']));
    await cache.write(name('new name'), snapshot('moving', 2, ['02:00:00:00:00:04']));
    expect(await ownerOf('02:00:00:00:00:04')).toBe('moving');
  });

  test('subject.refresh writes what PostgreSQL says and removes who is gone', async () => {
    const customerId = await rows.customer('fresh', 'password');
    const startsAt = new Date('2026-01-01T00:00:00.123Z');
    const routerId = uuidOf('a router');
    const terms = {
      onlineSeconds: 7_200n,
      usedSeconds: 60n,
      schedule: [{ days: [1, 7], from: '08:00', to: '24:00' }],
      timeZone: 'Africa/Kampala',
      fairUse: [{ afterOctets: '9000000000000000001', downKbps: 500, upKbps: 100 }],
      sites: ['Market, "old"'],
      routerIds: [routerId],
      macLogin: true,
    };
    await rows.entitlement(customerId, { startsAt, quotaOctets: 2n ** 60n + 1n, ...terms });
    const { db } = store.database;
    await db.customerDevice.create({ data: { customerId, mac: '02:00:00:00:00:0A', blocked: true } });
    const { 'subject.refresh': refresh } = accessJobs({ db, cache });
    await refresh({ customerId });
    const written = await read(name('fresh'));
    expect(written).toEqual((await readSubjectById(store.database.db, customerId))?.snapshot);
    expect(written?.entitlements[0]).toMatchObject({
      startsAt: startsAt.getTime(),
      quotaOctets: String(2n ** 60n + 1n),
      type: 'hotspot',
      ...terms,
      onlineSeconds: 7_200,
      usedSeconds: 60,
    });
    expect(written?.devices).toEqual([{ mac: '02:00:00:00:00:0A', blocked: true }]);
    await store.database.db.entitlement.deleteMany({ where: { customerId } });
    await store.database.db.customer.delete({ where: { id: customerId } });
    await refresh({ customerId });
    expect(await read(name('fresh'))).toBeUndefined();
  });

  test('subjects.refresh does many at once, and one that cannot be written keeps no other', async () => {
    const { db } = store.database;
    const ids = await Promise.all(['many1', 'many2', 'many3'].map((username) => rows.customer(username, 'password')));
    await accessJobs({ db, cache })['subjects.refresh']({ customerIds: ids });
    for (const [index, id] of ids.entries()) expect((await read(name(`many${index + 1}`)))?.customerId).toBe(id);
    await db.customer.delete({ where: { id: ids[0] } });
    await db.customer.updateMany({ data: { status: 'suspended' }, where: { id: { in: ids } } });
    const broken: SubjectCache = {
      ...cache,
      write: (username, given) =>
        given.customerId === ids[1] ? Promise.reject(new Error('no room')) : cache.write(username, given),
    };
    await expect(accessJobs({ db, cache: broken })['subjects.refresh']({ customerIds: ids })).rejects.toThrow(
      'no room',
    );
    expect(await read(name('many1'))).toBeUndefined();
    expect((await read(name('many2')))?.status).toBe('active');
    expect((await read(name('many3')))?.status).toBe('suspended');
  });

  test('D6: an emptied Redis is filled again from PostgreSQL, once', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, (_, index) => rows.customer(`lost${index}`, 'password')));
    await refreshSubjects({ db: store.database.db, cache }, ids);
    await redis.flush();
    expect(await read(name('lost3'))).toBeUndefined();
    const deps = { db: store.database.db, cache, redis: redis.redis, prefix: redis.prefix };
    const signal = AbortSignal.timeout(10_000);
    expect(await rebuildLostSubjects(deps, signal)).toBeGreaterThanOrEqual(30);
    expect((await read(name('lost3')))?.customerId).toBe(ids[3]);
    expect(await rebuildLostSubjects(deps, signal)).toBe(0);
  });
});
