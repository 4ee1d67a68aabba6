import { jest } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { ensureFirstOperator } from '@turnpike/features/operators/first-operator.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { testSetting } from '@turnpike/testkit/test-environment.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { areInstalled, deployDir, REDIS_SERVER, runProgram, searchPath } from './deploy-run.js';

// Programs are started and waited for: on a busy machine that takes its time.
jest.setTimeout(120_000);

const installed = await areInstalled(
  ['pg_dump', 'psql', 'redis-cli', REDIS_SERVER.program],
  'tests of backup and restore',
);

let work: string;
let source: TestDatabase;
let durable: TestRedis;
const made: string[] = [];

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: testSetting('TEST_DATABASE_URL') });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** Empty; dropped after the tests. */
async function emptyDatabase(name: string): Promise<string> {
  const unique = `${name}_${process.pid}`;
  await asAdmin(`CREATE DATABASE "${unique}" TEMPLATE template0`);
  made.push(unique);
  const url = new URL(testSetting('TEST_DATABASE_URL'));
  url.pathname = `/${unique}`;
  return url.href;
}

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

const script = (name: string, args: readonly string[], env: Record<string, string> = {}) =>
  runProgram(path.join(deployDir, 'scripts', name), args, { env: { SETTINGS: '/nonexistent', ...env } });

const backUp = (extra: Record<string, string> = {}) =>
  script('backup.sh', [], {
    BACKUPS: path.join(work, 'backups'),
    DATABASE_URL: source.url,
    REDIS_DURABLE_URL: testSetting('TEST_REDIS_DURABLE_URL'),
    ...extra,
  });

async function newestBackup(): Promise<string> {
  const names = (await readdir(path.join(work, 'backups'))).filter((name) => /^\d/.test(name)).sort();
  return path.join(work, 'backups', names.at(-1) ?? '');
}

const LEDGER = `SELECT e.key, a.kind, p.amount_minor::text, p.balance_minor::text FROM ledger_posting p
  JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_account a ON a.id = p.account_id ORDER BY 1, 2`;

/** Two accounts and balanced entries between them, as SQL: what is tried here is that they come back. */
async function fillLedger(): Promise<void> {
  const client = new pg.Client({ connectionString: source.url });
  await client.connect();
  await client.query(`INSERT INTO ledger_account (id, kind, owner, currency) VALUES
    (gen_random_uuid(), 'provider', 'drill', 'KES'), (gen_random_uuid(), 'sales', 'drill', 'KES')`);
  await client.query(`WITH e AS (INSERT INTO ledger_entry (id, key, kind, description, created_by)
      SELECT gen_random_uuid(), 'drill:' || n, 'sale', 'drill', 'test' FROM generate_series(1, 40) n RETURNING id)
    INSERT INTO ledger_posting (id, entry_id, account_id, amount_minor, balance_minor)
    SELECT gen_random_uuid(), e.id, a.id, CASE a.kind WHEN 'provider' THEN 5000 ELSE -5000 END, 0
    FROM e, ledger_account a WHERE a.owner = 'drill'`);
  await client.end();
}

(installed ? describe : describe.skip)('backup and restore', () => {
  beforeAll(async () => {
    work = await mkdtemp(path.join(tmpdir(), 'turnpike-backup-'));
    [source, durable] = [await openTestDatabase(), await openTestRedis('durable')];
    await source.database.transact((tx) =>
      ensureFirstOperator(tx, { email: 'owner@example.net', password: 'a long enough password', name: 'Owner' }),
    );
    await fillLedger();
    await durable.redis.xadd(`${durable.prefix}acct`, '*', 'session', 'not drained yet');
    expect(await backUp()).toMatchObject({ status: 0 });
  });

  afterAll(async () => {
    await Promise.all([source.drop(), durable.close()]);
    for (const name of made) await asAdmin(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await rm(work, { recursive: true, force: true });
  });

  test('D16, G24: a restore into an empty database gives the same ledger, audit trail and operators', async () => {
    const target = await emptyDatabase('turnpike_restored');
    const ran = await script('restore.sh', [await newestBackup()], { DATABASE_URL: target });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    for (const sql of [
      LEDGER,
      'SELECT * FROM audit_entry ORDER BY 1',
      'SELECT * FROM operator',
      'SELECT * FROM _prisma_migrations ORDER BY 1',
    ]) {
      expect(await rows(target, sql)).toEqual(await rows(source.url, sql));
    }
    expect(await rows(target, LEDGER)).toHaveLength(80);
  });

  test('D16: a restore refuses a database with tables in it', async () => {
    const ran = await script('restore.sh', [await newestBackup()], { DATABASE_URL: source.url });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(/has \d+ tables: restore into an empty one/);
  });

  test('D16: a damaged backup is refused before anything is restored', async () => {
    const copy = path.join(work, 'damaged');
    await runProgram('cp', ['-r', await newestBackup(), copy]);
    await appendFile(path.join(copy, 'turnpike.dump'), 'x');
    const target = await emptyDatabase('turnpike_damaged');
    expect(await script('restore.sh', [copy], { DATABASE_URL: target })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is damaged'),
    });
    expect(
      await rows(target, "SELECT count(*)::int AS n FROM pg_tables WHERE schemaname !~ '^pg_|^information_schema'"),
    ).toEqual([{ n: 0 }]);
  });

  test('G24: the drill proves the newest backup, leaves its database empty, and can be repeated', async () => {
    const drill = await emptyDatabase('turnpike_drill');
    for (let times = 0; times < 2; times += 1) {
      const env = { BACKUPS: path.join(work, 'backups'), DATABASE_URL: source.url, DRILL_DATABASE_URL: drill };
      const ran = await script('restore-drill.sh', [], env);
      expect([ran.status, ran.stderr]).toEqual([0, '']);
      expect(ran.stdout).toContain('can be restored');
    }
    expect(
      await rows(drill, "SELECT count(*)::int AS n FROM pg_tables WHERE schemaname !~ '^pg_|^information_schema'"),
    ).toEqual([{ n: 0 }]);
  });

  test('G24: the drill fails on a ledger that does not balance', async () => {
    const client = new pg.Client({ connectionString: source.url });
    await client.connect();
    const wrong =
      'UPDATE ledger_posting SET amount_minor = amount_minor + $1 WHERE id = (SELECT min(id::text)::uuid FROM ledger_posting)';
    await client.query('SET session_replication_role = replica');
    await client.query(wrong, [1]);
    await delay(1_100);
    expect(await backUp()).toMatchObject({ status: 0 });
    const env = {
      BACKUPS: path.join(work, 'backups'),
      DATABASE_URL: source.url,
      DRILL_DATABASE_URL: await emptyDatabase('turnpike_drill_wrong'),
    };
    expect(await script('restore-drill.sh', [], env)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('do not balance'),
    });
    await rm(await newestBackup(), { recursive: true });
    await client.query(wrong, [-1]);
    await client.end();
  });

  test('the drill touches no database without `drill` in its name', async () => {
    const ran = await script('restore-drill.sh', [await newestBackup()], {
      DATABASE_URL: source.url,
      DRILL_DATABASE_URL: source.url,
    });
    expect(ran).toMatchObject({ status: 1, stderr: expect.stringContaining('must have `drill` in its name') });
  });

  test('D6: a Redis starts from the copy and has the accounting that was not in PostgreSQL yet', async () => {
    const dir = path.join(work, 'redis');
    await mkdir(dir);
    expect(await script('restore-redis.sh', [await newestBackup(), dir])).toMatchObject({ status: 0 });
    const socket = path.join(dir, 'socket');
    const args = [path.join(deployDir, 'redis/durable.conf'), '--port', '0', '--unixsocket', socket, '--dir', dir];
    const server: ChildProcess = spawn(REDIS_SERVER.program, args, {
      ...REDIS_SERVER.options,
      env: { PATH: searchPath() },
      stdio: 'ignore',
    });
    const redis = new Redis(socket, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    expect(await redis.xlen(`${durable.prefix}acct`)).toBe(1);
    // It goes on from there: what is written now is there after a kill.
    await redis.set('after', 'restore');
    redis.disconnect();
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    const refused = await script('restore-redis.sh', [await newestBackup(), dir]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('stop Redis, move it away') });
  });

  test('S8: no password is an argument that others see, and a backup is for its owner only', async () => {
    const backup = await newestBackup();
    const { stdout } = await runProgram('find', [work, '-path', `${backup}*`, '-perm', '/077']);
    expect(stdout).toBe('');
    const texts = await Promise.all(
      ['backup.sh', 'restore.sh', 'restore-drill.sh'].map(
        async (name) => (await runProgram('cat', [path.join(deployDir, 'scripts', name)])).stdout,
      ),
    );
    expect(texts.join('\n')).not.toMatch(
      /(psql|pg_dump|pg_restore|redis-cli)[^\n|]*(\$\{?DATABASE_URL|\$password|-a )/,
    );
  });

  test('a backup that cannot be finished leaves nothing that looks like one', async () => {
    const before = await readdir(path.join(work, 'backups'));
    const ran = await backUp({ DATABASE_URL: 'postgresql://turnpike:wrong@127.0.0.1:1/turnpike' });
    expect(ran.status).not.toBe(0);
    expect(await readdir(path.join(work, 'backups'))).toEqual(before);
  });
});
