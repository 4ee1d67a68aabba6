import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyFreePort } from '@turnpike/stores/ports.js';
import { startPostgres, stopPostgres, type RunningPostgres } from '@turnpike/stores/postgres.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openDatabase, type Database } from './database.js';

describe('deadlocks', () => {
  let store: TestDatabase;
  beforeAll(async () => {
    store = await openTestDatabase();
    await store.database.db.$executeRaw`CREATE TABLE pair (name text PRIMARY KEY, n int NOT NULL)`;
    await store.database.db.$executeRaw`INSERT INTO pair VALUES ('a', 0), ('b', 0)`;
  });
  afterAll(() => store.drop());

  test('D10: two transactions that wait for each other both succeed, each with its effect once', async () => {
    const { transact, db } = store.database;
    const atTheirSecond = meetingOf(2);
    let attempts = 0;
    const both = (first: string, second: string): Promise<void> => {
      let isFirstTry = true;
      return transact(async (tx) => {
        attempts += 1;
        await tx.$executeRaw`UPDATE pair SET n = n + 1 WHERE name = ${first}`;
        if (isFirstTry) await atTheirSecond();
        isFirstTry = false;
        await tx.$executeRaw`UPDATE pair SET n = n + 1 WHERE name = ${second}`;
      });
    };
    await Promise.all([both('a', 'b'), both('b', 'a')]);
    expect(await db.$queryRaw`SELECT name, n FROM pair ORDER BY name`).toEqual([
      { name: 'a', n: 2 },
      { name: 'b', n: 2 },
    ]);
    expect(attempts).toBe(3);
  });
});

/** Resolves for everybody when `count` have come. */
function meetingOf(count: number): () => Promise<void> {
  let missing = count;
  let open = (): void => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return all;
  };
}

describe('a server that is killed', () => {
  const LANES = 4;
  const ENOUGH = 300;
  let base: string;
  let server: RunningPostgres;
  let database: Database;

  beforeAll(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'turnpike-killed-'));
    await chmod(base, 0o755);
    server = await startPostgres({ dir: dir(), port: await anyFreePort(), password: 'pw' });
    database = openDatabase({ url: server.url, applicationName: 'test', maxConnections: LANES });
    await database.db.$executeRaw`CREATE TABLE kept (id int PRIMARY KEY)`;
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await stopPostgres({ dir: dir(), remove: true });
    await rm(base, { recursive: true, force: true });
  });

  const dir = (): string => path.join(base, 'postgres');

  test('D8: loses nothing it has committed, and the same pool is at work within 5 s of its return', async () => {
    const committed: number[] = [];
    let next = 0;
    let failed = 0;
    let isKilled = false;
    let enough = (): void => undefined;
    const hasEnough = new Promise<void>((resolve) => (enough = resolve));
    const lane = async (): Promise<void> => {
      while (!isKilled) {
        const id = next++;
        try {
          await database.db.$executeRaw`INSERT INTO kept VALUES (${id})`;
          committed.push(id);
        } catch {
          failed += 1;
        }
        if (committed.length >= ENOUGH) enough();
      }
    };
    const lanes = Promise.all(Array.from({ length: LANES }, lane));
    await hasEnough;
    process.kill(server.pid, 'SIGKILL');
    isKilled = true;
    await lanes;

    server = await startAgain();
    const startedMs = performance.now();
    await database.ping();
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    const rows = await database.db.$queryRaw<{ id: number }[]>`SELECT id FROM kept`;
    const kept = new Set(rows.map(({ id }) => id));
    expect(committed.filter((id) => !kept.has(id))).toEqual([]);
    expect(kept.size).toBeLessThanOrEqual(committed.length + failed);
    expect(await database.db.$executeRaw`INSERT INTO kept VALUES (-1)`).toBe(1);
  }, 60_000);

  /** The killed server's last children hold its memory for a moment; until then a new one refuses to start. */
  async function startAgain(): Promise<RunningPostgres> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await startPostgres({ dir: dir(), port: server.port, password: 'pw' });
      } catch (error) {
        if (tries >= 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }
});
