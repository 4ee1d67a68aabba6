import { Prisma } from './generated/client.js';
import { isServerFault, isUnavailable, isUniqueViolation } from './database-errors.js';
import { openSqlPool, type SqlPool } from './sql-pool.js';
import type { Sql } from './sql.js';
import { openStoreProxy } from '@turnpike/testkit/store-proxy.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';

let store: TestDatabase;
let pool: SqlPool;

beforeAll(async () => {
  store = await openTestDatabase();
  pool = openSqlPool({ url: store.url, applicationName: 'test', maxConnections: 2 });
});

afterAll(async () => {
  await pool.close();
  await store.drop();
});

/** What both ways to PostgreSQL give for one statement. */
async function both(ask: (sql: Sql) => Promise<unknown>): Promise<[unknown, unknown]> {
  return [await ask(pool.sql), await ask(store.database.db)];
}

const ID = '0190c6d5-7a1e-7000-8000-000000000001';

describe('SQL without the client', () => {
  test('gives the same values as the client, of every kind that our tables have', async () => {
    const [lean, client] = await both(
      (sql) => sql.$queryRaw`
        SELECT 9007199254740993::bigint AS big, 7 AS small, 'text' AS text, true AS yes, NULL AS nothing,
               ${ID}::uuid AS id, '2026-05-01T08:00:00.123Z'::timestamptz(3) AS at, 1.5::float8 AS part,
               '{"a":[1,null,"x"]}'::jsonb AS json, ARRAY['a','b'] AS texts, ARRAY[9007199254740993]::bigint[] AS bigs`,
    );
    expect(lean).toEqual(client);
    expect(lean).toMatchObject([{ big: 9_007_199_254_740_993n, at: new Date('2026-05-01T08:00:00.123Z') }]);
  });

  test('takes the same parameters as the client', async () => {
    const at = new Date('2026-05-01T08:00:00.123Z');
    const hostile = `'; DROP TABLE router; -- "\\ $1`;
    const [lean, client] = await both(
      (sql) => sql.$queryRaw`
        SELECT ${hostile} AS text, ${12n}::bigint AS big, ${5}::int AS small, ${at}::timestamptz AS at,
               ${['x', 'y,"z"']}::text[] AS texts, ${null}::text AS nothing, ${false}::boolean AS no,
               ${JSON.stringify({ a: 1 })}::jsonb AS json`,
    );
    expect(lean).toMatchObject([{ text: hostile, big: 12n, small: 5, at, texts: ['x', 'y,"z"'], json: { a: 1 } }]);
    expect(lean).toEqual(client);
    const bytes = await pool.sql.$queryRaw<
      { sent: string }[]
    >`SELECT encode(${Buffer.from([0, 255])}::bytea, 'hex') AS sent`;
    expect(bytes).toEqual([{ sent: '00ff' }]);
  });

  test("puts the client's fragments into a statement, their parameters in order", async () => {
    const inner = Prisma.sql`n > ${1} AND n < ${5}`;
    const condition = Prisma.sql`(${inner} OR n = ${9})`;
    const rows = await pool.sql.$queryRaw`
      SELECT array_agg(n) AS found FROM generate_series(0, ${10}::int) n WHERE ${condition} AND n <> ${3}`;
    expect(rows).toEqual([{ found: [2, 4, 9] }]);
    expect(await pool.sql.$queryRaw(Prisma.sql`SELECT ${1}::int AS one`)).toEqual([{ one: 1 }]);
  });

  test('tells how many rows were changed', async () => {
    await pool.sql.$executeRaw`CREATE TABLE counted (n int PRIMARY KEY)`;
    expect(await pool.sql.$executeRaw`INSERT INTO counted SELECT generate_series(1, ${4}::int)`).toBe(4);
    expect(await pool.sql.$executeRaw`DELETE FROM counted WHERE n > ${100}`).toBe(0);
    const twice = pool.sql.$executeRaw`INSERT INTO counted VALUES (${1})`;
    await twice.then(
      () => expect('an error').toBe('thrown'),
      (error: unknown) => expect(isUniqueViolation(error)).toBe(true),
    );
  });

  test('errors mean the same as those of the client', async () => {
    const gone = pool.sql.$queryRaw`SELECT FROM no_such_table`;
    await gone.then(
      () => expect('an error').toBe('thrown'),
      (error: unknown) => expect(isServerFault(error)).toBe(true),
    );
    const proxy = await openStoreProxy(store.url);
    const lost = openSqlPool({ url: proxy.url, applicationName: 'test', maxConnections: 1, statementTimeoutMs: 200 });
    await lost.ping();
    proxy.cut();
    const error = await lost.sql.$queryRaw`SELECT 1`.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(isUnavailable(error)).toBe(true);
    await lost.close();
    await proxy.close();
  });

  test('D9: a statement that takes too long is ended', async () => {
    const short = openSqlPool({ url: store.url, applicationName: 'test', maxConnections: 1, statementTimeoutMs: 50 });
    await expect(short.sql.$queryRaw`SELECT pg_sleep(5)`).rejects.toThrow(/statement timeout/);
    await short.ping();
    await short.close();
  });
});
