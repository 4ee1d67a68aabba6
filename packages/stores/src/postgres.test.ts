import { chmod, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { anyFreePort } from './ports.js';
import { findPostgres, startPostgres, stopPostgres } from './postgres.js';
import { isAlive } from './process-alive.js';

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query({ text: sql, rowMode: 'array' });
    return result.rows[0]?.[0];
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  let base: string;
  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'turnpike-postgres-'));
  });
  afterEach(async () => {
    await stopPostgres({ dir: path.join(base, 'a', 'postgres'), remove: true });
    await rm(base, { recursive: true, force: true });
  });

  test('makes a cluster with a database, keeps it over a restart on another port, and is found running', async () => {
    await chmod(base, 0o755);
    const dir = path.join(base, 'a', 'postgres');
    const first = await startPostgres({ dir, port: await anyFreePort(), password: 'pw1', ephemeral: true });
    expect(first.started).toBe(true);
    expect(await ask(first.url, 'SHOW server_version_num')).toMatch(/^15/);
    await ask(first.url, 'CREATE TABLE kept (id int)');
    expect((await startPostgres({ dir, port: first.port, password: 'pw1' })).started).toBe(false);
    expect(await stopPostgres({ dir })).toBe(true);
    expect(isAlive(first.pid)).toBe(false);
    expect(await findPostgres(dir)).toBeUndefined();
    const second = await startPostgres({ dir, port: await anyFreePort(), password: 'pw1', ephemeral: true });
    expect(await ask(second.url, 'SELECT count(*)::int FROM kept')).toBe(0);
    await expect(ask(second.url.replace('pw1', 'wrong'), 'SELECT 1')).rejects.toThrow(/password/);
    expect((await findPostgres(dir))?.pid).toBe(second.pid);
  });

  test('runs for a directory below one that only its owner can enter, and leaves nothing outside it when removed', async () => {
    await chmod(base, 0o700);
    const dir = path.join(base, 'a', 'postgres');
    const running = await startPostgres({ dir, port: await anyFreePort(), password: 'pw1', ephemeral: true });
    expect(await ask(running.url, 'SELECT 1')).toBe(1);
    const place = await readFile(`${dir}.location`, 'utf8').catch(() => undefined);
    expect(place === undefined).toBe(process.getuid?.() !== 0);
    await stopPostgres({ dir, remove: true });
    expect(await readdir(path.dirname(running.cluster)).catch(() => [])).toEqual([]);
  });

  test('says in the words of the server why it did not start, and leaves a usable directory', async () => {
    await chmod(base, 0o755);
    const dir = path.join(base, 'a', 'postgres');
    const otherDir = path.join(base, 'b', 'postgres');
    await mkdir(path.dirname(otherDir));
    const other = await startPostgres({ dir: otherDir, port: await anyFreePort(), password: 'pw', ephemeral: true });
    try {
      const failing = startPostgres({ dir, port: other.port, password: 'pw1', ephemeral: true });
      await expect(failing).rejects.toThrow(/did not start.*Address already in use/s);
    } finally {
      await stopPostgres({ dir: otherDir, remove: true });
    }
    expect((await startPostgres({ dir, port: other.port, password: 'pw1', ephemeral: true })).started).toBe(true);
  });
});
