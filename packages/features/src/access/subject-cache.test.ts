import { accessRows, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { accessJobs } from './access.jobs.js';
import { createSubjectCache, type SubjectCache } from './subject-cache.js';
import type { SubjectSnapshot } from './subject-snapshot.js';
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

function snapshot(customerId: string, revision: number): SubjectSnapshot {
  return { customerId, revision, status: 'active', password: 'sealed', entitlements: [] };
}

describe('the snapshots in Redis', () => {
  test('an older revision never replaces a newer one', async () => {
    await cache.write(name('order'), snapshot('one', 7));
    await cache.write(name('order'), snapshot('one', 6));
    expect((await cache.read(name('order')))?.revision).toBe(7);
    await cache.write(name('order'), snapshot('one', 8));
    expect((await cache.read(name('order')))?.revision).toBe(8);
  });

  test('a renamed customer is known by the new name only, and a late writer cannot bring the old one back', async () => {
    await cache.write(name('before'), snapshot('renamed', 1));
    await cache.write(name('after'), snapshot('renamed', 2));
    await cache.write(name('before'), snapshot('renamed', 1));
    expect(await cache.read(name('before'))).toBeUndefined();
    expect((await cache.read(name('after')))?.customerId).toBe('renamed');
  });

  test('a name that another customer has taken over stays with that one', async () => {
    await cache.write(name('shared'), snapshot('first', 1));
    await cache.write(name('shared'), snapshot('second', 1));
    await cache.write(name('elsewhere'), snapshot('first', 2));
    await cache.remove('first');
    expect((await cache.read(name('shared')))?.customerId).toBe('second');
  });

  test('a removed customer cannot be written back by who read the row before', async () => {
    await cache.write(name('gone'), snapshot('gone', 3));
    await cache.remove('gone');
    await cache.write(name('gone'), snapshot('gone', 3));
    expect(await cache.read(name('gone'))).toBeUndefined();
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
    const read = await Promise.all(names.map((each) => cache.read(each)));
    expect(read.map((found) => found?.customerId)).toEqual(names.map((_, index) => `bytes${index}`));
  });

  test('subject.refresh writes what PostgreSQL says and removes who is gone', async () => {
    const customerId = await rows.customer('fresh', 'password');
    const startsAt = new Date('2026-01-01T00:00:00.123Z');
    await rows.entitlement(customerId, { startsAt, quotaOctets: 2n ** 60n + 1n });
    const { 'subject.refresh': refresh } = accessJobs({ db: store.database.db, cache });
    await refresh({ customerId });
    const written = await cache.read(name('fresh'));
    expect(written).toEqual((await readSubjectById(store.database.db, customerId))?.snapshot);
    expect(written?.entitlements[0]).toMatchObject({
      startsAt: startsAt.getTime(),
      quotaOctets: String(2n ** 60n + 1n),
      type: 'hotspot',
    });
    await store.database.db.entitlement.deleteMany({ where: { customerId } });
    await store.database.db.customer.delete({ where: { id: customerId } });
    await refresh({ customerId });
    expect(await cache.read(name('fresh'))).toBeUndefined();
  });

  test('D6: an emptied Redis is filled again from PostgreSQL, once', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, (_, index) => rows.customer(`lost${index}`, 'password')));
    await refreshSubjects({ db: store.database.db, cache }, ids);
    await redis.flush();
    expect(await cache.read(name('lost3'))).toBeUndefined();
    const deps = { db: store.database.db, cache, redis: redis.redis, prefix: redis.prefix };
    const signal = AbortSignal.timeout(10_000);
    expect(await rebuildLostSubjects(deps, signal)).toBeGreaterThanOrEqual(30);
    expect((await cache.read(name('lost3')))?.customerId).toBe(ids[3]);
    expect(await rebuildLostSubjects(deps, signal)).toBe(0);
  });
});
