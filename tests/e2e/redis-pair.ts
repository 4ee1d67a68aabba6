import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openRedis, type Redis, type RedisRole } from '@turnpike/runtime/redis.js';
import { anyFreePort } from '@turnpike/stores/ports.js';
import { findRedis } from '@turnpike/stores/redis-binary.js';
import { startRedis, stopRedis } from '@turnpike/stores/redis.js';
import { testSetting } from '@turnpike/testkit/test-environment.js';

export interface RedisServer {
  readonly url: string;
  /** For commands of the test. */
  readonly redis: Redis;
}

/** Servers of one system's own: its processes write keys of the same names as those of any other. */
export interface RedisPair {
  readonly durable: RedisServer;
  readonly cache: RedisServer;
  close(): Promise<void>;
}

const PASSWORD = 'test';
const TOOLS = path.resolve(import.meta.dirname, '..', '..', '.data', 'tools');

export async function startRedisPair(): Promise<RedisPair> {
  const binary = await findRedis({ searchPath: testSetting('PATH'), toolsDir: TOOLS });
  // `npm test` ends and removes what is in such a directory when its owner was killed.
  const dir = await mkdtemp(path.join(tmpdir(), `turnpike-test-${process.pid}-`));
  await chmod(dir, 0o711);
  const stops: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.reverse()) await stop();
    await rm(dir, { recursive: true, force: true });
  };
  const start = async (role: RedisRole): Promise<RedisServer> => {
    const server = { dir: path.join(dir, role), port: await anyFreePort(), password: PASSWORD };
    stops.push(() => stopRedis(server));
    const { url } = await startRedis({ ...server, role, binary });
    const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
    const redis = openRedis({ url, role, use: 'commands', logger });
    stops.push(async () => redis.disconnect());
    return { url, redis };
  };
  try {
    return { durable: await start('durable'), cache: await start('cache'), close };
  } catch (error) {
    await close();
    throw error;
  }
}
