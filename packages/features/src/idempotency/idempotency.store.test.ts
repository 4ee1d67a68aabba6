import { SecretBox } from '@turnpike/core/secret-box.js';
import type { IdempotencyStore } from '@turnpike/runtime/http/idempotency.js';
import { createSteerableClock, type SteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { createIdempotencyStore, removeExpiredIdempotencyKeys } from './idempotency.store.js';

let postgres: TestDatabase;
let clock: SteerableClock;
let store: IdempotencyStore;
let n = 0;
let key: string;

beforeAll(async () => {
  postgres = await openTestDatabase();
});

afterAll(async () => {
  await postgres.drop();
});

beforeEach(() => {
  clock = createSteerableClock();
  store = createIdempotencyStore({ db: postgres.database.db, clock, secretBox: new SecretBox(['ab'.repeat(32)]) });
  n += 1;
  key = `key-${n}`;
});

describe('idempotency store', () => {
  test('of 20 equal requests at once exactly one is new', async () => {
    const begun = await Promise.all(Array.from({ length: 20 }, () => store.begin('actor', key, 'hash')));
    expect(begun.filter((each) => each.kind === 'new')).toHaveLength(1);
    expect(begun.filter((each) => each.kind === 'in_progress')).toHaveLength(19);
  });

  test('repeats the stored answer, whatever its shape', async () => {
    for (const [index, body] of [{ id: 'x', list: [1, null] }, 'text', null].entries()) {
      await store.begin('actor', `${key}-${index}`, 'hash');
      await store.complete('actor', `${key}-${index}`, 201, body);
      expect(await store.begin('actor', `${key}-${index}`, 'hash')).toEqual({ kind: 'replay', status: 201, body });
    }
  });

  test('another request under the same key is a mismatch, while running and afterwards', async () => {
    await store.begin('actor', key, 'hash');
    expect(await store.begin('actor', key, 'other')).toEqual({ kind: 'mismatch' });
    await store.complete('actor', key, 204, null);
    expect(await store.begin('actor', key, 'other')).toEqual({ kind: 'mismatch' });
  });

  test('actors do not share keys', async () => {
    await store.begin('one', key, 'hash');
    await store.complete('one', key, 200, { secretOfOne: true });
    expect(await store.begin('two', key, 'hash')).toEqual({ kind: 'new' });
  });

  test('an abandoned key is free, a completed one is not', async () => {
    await store.begin('actor', key, 'hash');
    await store.abandon('actor', key);
    expect(await store.begin('actor', key, 'hash')).toEqual({ kind: 'new' });
    await store.complete('actor', key, 200, 1);
    await store.abandon('actor', key);
    expect(await store.begin('actor', key, 'hash')).toMatchObject({ kind: 'replay' });
  });

  test('the key of a crashed process is taken over after 60 s, by the same request only', async () => {
    await store.begin('actor', key, 'hash');
    clock.advance(59_000);
    expect(await store.begin('actor', key, 'hash')).toEqual({ kind: 'in_progress' });
    clock.advance(2_000);
    expect(await store.begin('actor', key, 'other')).toEqual({ kind: 'mismatch' });
    const begun = await Promise.all([store.begin('actor', key, 'hash'), store.begin('actor', key, 'hash')]);
    expect(begun.map((each) => each.kind).sort()).toEqual(['in_progress', 'new']);
  });

  test('the first answer stays when a second one comes late', async () => {
    await store.begin('actor', key, 'hash');
    await store.complete('actor', key, 200, 'first');
    await store.complete('actor', key, 500, 'second');
    expect(await store.begin('actor', key, 'hash')).toEqual({ kind: 'replay', status: 200, body: 'first' });
  });

  test('after 24 hours a key is new again, also for another request; housekeeping removes it', async () => {
    await store.begin('actor', key, 'hash');
    await store.complete('actor', key, 200, 1);
    clock.advance(24 * 3_600_000 + 1);
    expect(await store.begin('actor', key, 'other')).toEqual({ kind: 'new' });
    clock.advance(24 * 3_600_000 + 1);
    expect(await removeExpiredIdempotencyKeys(postgres.database.db, clock.now())).toBeGreaterThanOrEqual(1);
    expect(await removeExpiredIdempotencyKeys(postgres.database.db, clock.now())).toBe(0);
  });

  test('S8: the hash of a request is not stored as it is', async () => {
    await store.begin('actor', key, 'hash-of-a-body');
    const row = await postgres.database.db.idempotencyKey.findUnique({ where: { actor_key: { actor: 'actor', key } } });
    expect(row?.requestHash).not.toContain('hash-of-a-body');
  });
});
