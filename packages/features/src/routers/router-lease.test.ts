import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import {
  assertLease,
  currentLease,
  leaseHolder,
  LeaseLostError,
  releaseLease,
  renewLease,
  takeLease,
} from './router-lease.js';

let testDatabase: TestDatabase;
let routers = 0;

beforeAll(async () => {
  testDatabase = await openTestDatabase();
});

afterAll(async () => {
  await testDatabase.drop();
});

async function newRouter(): Promise<string> {
  routers += 1;
  const data = { name: `router ${routers}`, apiPort: 8728, apiUsername: 'u', apiPassword: 'p', radiusSecret: 's' };
  const { id } = await testDatabase.database.db.router.create({ data });
  return id;
}

const TTL_MS = 10_000;

describe('the lease of a router', () => {
  test('is had by one of many that ask at once', async () => {
    const { db } = testDatabase.database;
    const routerId = await newRouter();
    const taken = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => takeLease(db, routerId, `run ${index}`, TTL_MS)),
    );
    expect(taken.filter((lease) => lease !== undefined)).toEqual([{ token: 1n }]);
  });

  test('grows its token with every taking, by the same holder, after release and after it has run out', async () => {
    const { db } = testDatabase.database;
    const routerId = await newRouter();
    expect(await takeLease(db, routerId, 'one', TTL_MS)).toEqual({ token: 1n });
    expect(await takeLease(db, routerId, 'two', TTL_MS)).toBeUndefined();
    expect(await takeLease(db, routerId, 'one', TTL_MS)).toEqual({ token: 2n });
    await releaseLease(db, routerId, 2n);
    expect(await takeLease(db, routerId, 'two', -1)).toEqual({ token: 3n });
    expect(await leaseHolder(db, routerId)).toBeUndefined();
    expect(await takeLease(db, routerId, 'one', TTL_MS)).toEqual({ token: 4n });
    expect(await leaseHolder(db, routerId)).toBe('one');
  });

  test('D12: a token that is no longer the newest can neither renew, release nor write', async () => {
    const { db, transact } = testDatabase.database;
    const routerId = await newRouter();
    await takeLease(db, routerId, 'frozen', -1);
    await takeLease(db, routerId, 'awake', TTL_MS);
    expect(await renewLease(db, routerId, 1n, TTL_MS)).toBe(false);
    await releaseLease(db, routerId, 1n);
    expect(await currentLease(db, routerId)).toMatchObject({ holder: 'awake', token: 2n });
    await expect(transact(async (tx) => assertLease(tx, routerId, 1n))).rejects.toBeInstanceOf(LeaseLostError);
    await transact(async (tx) => assertLease(tx, routerId, 2n));
    expect(await renewLease(db, routerId, 2n, TTL_MS)).toBe(true);
  });

  test('D12: cannot be taken while a transaction that proved it is open', async () => {
    const { db, transact } = testDatabase.database;
    const routerId = await newRouter();
    await takeLease(db, routerId, 'one', -1);
    const order: string[] = [];
    let takeover: Promise<unknown> = Promise.resolve();
    await transact(async (tx) => {
      await assertLease(tx, routerId, 1n);
      takeover = takeLease(db, routerId, 'two', TTL_MS).then(() => order.push('taken'));
      await tx.$queryRaw`SELECT 1 FROM pg_sleep(0.1)`;
      order.push('written');
    });
    await takeover;
    expect(order).toEqual(['written', 'taken']);
  });

  test('goes with its router', async () => {
    const { db } = testDatabase.database;
    const routerId = await newRouter();
    await takeLease(db, routerId, 'one', TTL_MS);
    await db.router.delete({ where: { id: routerId } });
    await expect(assertLease(db, routerId, 1n)).rejects.toBeInstanceOf(LeaseLostError);
  });
});
