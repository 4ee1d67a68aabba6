import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyFreePort } from './ports.js';
import { isAlive } from './process-alive.js';
import { findRedis } from './redis-binary.js';
import type { RedisRole } from './redis-conf.js';
import type { RedisBinary } from './redis-download.js';
import { askRedis } from './redis-wire.js';
import { findRedisProcess, startRedis, stopRedis } from './redis.js';

describe('startRedis', () => {
  let base: string;
  let binary: RedisBinary;
  beforeAll(async () => {
    const searchPath = process.env['PATH'] ?? '';
    const repository = path.resolve(import.meta.dirname, '..', '..', '..');
    binary = await findRedis({ searchPath, toolsDir: path.join(repository, '.data', 'tools') });
  });
  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'turnpike redis "'));
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  async function running(
    role: RedisRole,
    use: (options: { dir: string; port: number; password: string }) => Promise<void>,
  ) {
    const options = { dir: path.join(base, role), port: await anyFreePort(), password: 'secret-of-redis' };
    const server = await startRedis({ ...options, role, binary });
    try {
      expect(server.started).toBe(true);
      await use(options);
    } finally {
      expect(await stopRedis(options)).toBe(true);
    }
    expect(isAlive(server.pid)).toBe(false);
    expect(await stopRedis(options)).toBe(false);
  }

  async function setting(options: { port: number; password: string }, name: string): Promise<string | undefined> {
    return (await askRedis({ ...options, command: ['CONFIG', 'GET', name] }))[1];
  }

  test('D1: the durable server writes every command to disk, evicts nothing and has its data after a restart', async () => {
    await running('durable', async (options) => {
      expect(await setting(options, 'appendfsync')).toBe('always');
      expect(await setting(options, 'appendonly')).toBe('yes');
      expect(await setting(options, 'maxmemory-policy')).toBe('noeviction');
      expect(await askRedis({ ...options, command: ['SET', 'kept', 'yes'] })).toEqual(['+OK']);
    });
    await running('durable', async (options) => {
      expect(await askRedis({ ...options, command: ['STRLEN', 'kept'] })).toEqual([':3']);
    });
  });

  test('the cache server evicts the least used and keeps nothing over a restart', async () => {
    await running('cache', async (options) => {
      expect(await setting(options, 'maxmemory-policy')).toBe('allkeys-lru');
      expect(await setting(options, 'maxmemory')).toBe('268435456');
      expect(await askRedis({ ...options, command: ['SET', 'lost', 'yes'] })).toEqual(['+OK']);
    });
    await running('cache', async (options) => {
      expect(await askRedis({ ...options, command: ['EXISTS', 'lost'] })).toEqual([':0']);
    });
  });

  test('refuses a wrong password, keeps the password file private and is found running by a second start', async () => {
    await running('cache', async (options) => {
      await expect(askRedis({ ...options, password: 'guess', command: ['PING'] })).rejects.toThrow(/WRONGPASS/);
      expect((await stat(path.join(options.dir, 'redis.conf'))).mode & 0o077).toBe(0);
      expect(await readFile(path.join(options.dir, 'redis.log'), 'utf8')).not.toContain(options.password);
      const pid = await findRedisProcess(options.dir);
      expect(await startRedis({ ...options, role: 'cache', binary })).toMatchObject({ started: false, pid });
    });
  });
});
