import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyFreePort } from '@turnpike/stores/ports.js';
import { findRedis } from '@turnpike/stores/redis-binary.js';
import { startRedis, stopRedis } from '@turnpike/stores/redis.js';
import { createLogger } from './logger.js';
import { isRedisUnavailable, openRedis, waitUntilReady, type Redis } from './redis.js';

const PASSWORD = 'secret-of-redis';
const LIMIT_MS = 5_000;
const urlOf = (port: number): string => `redis://:${PASSWORD}@127.0.0.1:${port}`;
const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });

interface Node {
  readonly dir: string;
  readonly port: number;
  /** Speaks to this server, whoever clients are led to. */
  readonly admin: Redis;
}

/** The address clients know; new connections go to whichever server is the one to write to. */
interface FloatingAddress {
  readonly port: number;
  target: number;
  close(): Promise<void>;
}

describe('a Redis that another one takes over from', () => {
  let base: string;
  let nodes: readonly [Node, Node];
  let address: FloatingAddress;
  const opened: Redis[] = [];

  beforeAll(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'turnpike-failover-'));
    const repository = path.resolve(import.meta.dirname, '..', '..', '..');
    const searchPath = process.env['PATH'] ?? '';
    const binary = await findRedis({ searchPath, toolsDir: path.join(repository, '.data', 'tools') });
    const start = async (name: string): Promise<Node> => {
      const server = { dir: path.join(base, name), port: await anyFreePort() };
      await startRedis({ ...server, role: 'durable', password: PASSWORD, binary });
      const admin = openRedis({ url: urlOf(server.port), role: 'durable', use: 'commands', logger });
      await admin.config('SET', 'masterauth', PASSWORD);
      await admin.config('SET', 'repl-diskless-sync-delay', '0');
      return { ...server, admin };
    };
    nodes = [await start('a'), await start('b')];
    address = await openFloatingAddress(nodes[0].port);
  }, 60_000);

  afterAll(async () => {
    for (const redis of opened) redis.disconnect();
    await address.close();
    for (const { admin, dir, port } of nodes) {
      admin.disconnect();
      await stopRedis({ dir, port, password: PASSWORD });
    }
    await rm(base, { recursive: true, force: true });
  });

  async function synchronize(): Promise<void> {
    const [old, fresh] = nodes;
    await fresh.admin.replicaof('127.0.0.1', old.port);
    const deadline = performance.now() + 20_000;
    while (!(await fresh.admin.info('replication')).includes('master_link_status:up')) {
      if (performance.now() > deadline) throw new Error('the replica does not follow');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test.each(['radius', 'commands'] as const)(
    'D7: clients for %s leave the one that became a replica and go on with what the other has',
    async (use) => {
      const [old, fresh] = nodes;
      address.target = old.port;
      await old.admin.replicaof('NO', 'ONE');
      await synchronize();
      const redis = openRedis({ url: urlOf(address.port), role: 'durable', use, logger });
      opened.push(redis);
      await waitUntilReady(redis, 2_000);
      await redis.set('before', 'kept');
      expect(await redis.wait(1, 2_000)).toBe(1);

      address.target = fresh.port;
      await fresh.admin.replicaof('NO', 'ONE');
      await old.admin.replicaof('127.0.0.1', fresh.port);
      const errors: unknown[] = [];
      const startedMs = performance.now();
      while (performance.now() - startedMs < LIMIT_MS) {
        const written = await redis.set('after', 'written').catch((error: unknown) => void errors.push(error));
        if (written === 'OK') break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(await redis.mget('before', 'after')).toEqual(['kept', 'written']);
      expect(errors.length).toBeGreaterThan(0);
      expect(errors.filter((error) => !isRedisUnavailable(error))).toEqual([]);
    },
    30_000,
  );
});

async function openFloatingAddress(first: number): Promise<FloatingAddress> {
  const sockets = new Set<Socket>();
  let target = first;
  const server: Server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no TCP address');
  return {
    port: bound.port,
    get target() {
      return target;
    },
    set target(port) {
      target = port;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
