import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyFreePort } from '@turnpike/stores/ports.js';
import { startPostgres, stopPostgres } from '@turnpike/stores/postgres.js';
import { isAlive } from '@turnpike/stores/process-alive.js';
import { findRedis } from '@turnpike/stores/redis-binary.js';
import type { RedisRole } from '@turnpike/stores/redis-conf.js';
import { startRedis, stopRedis } from '@turnpike/stores/redis.js';
import type { CliContext } from './cli-context.js';

const PREFIX = 'turnpike-test-';
const PASSWORD = 'test';

export interface TemporaryStores {
  readonly postgresUrl: string;
  /** Empty when only PostgreSQL was asked for. */
  readonly redisDurableUrl: string;
  readonly redisCacheUrl: string;
}

/** Stops and deletes whatever is in the directory; the servers may have been left behind by a run that was killed. */
async function discard(dir: string): Promise<void> {
  for (const role of ['durable', 'cache'] as const) {
    // The port is only needed for a polite end, and nothing here is worth one.
    await stopRedis({ dir: path.join(dir, role), port: 0, password: PASSWORD }).catch(() => false);
  }
  await stopPostgres({ dir: path.join(dir, 'postgres'), remove: true }).catch(() => false);
  await rm(dir, { recursive: true, force: true });
}

async function discardLeftOvers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? process.pid);
    if (!isAlive(owner)) await discard(path.join(tmpdir(), name)).catch(() => undefined);
  }
}

async function startRole(role: RedisRole, dir: string, { config, layout, write }: CliContext): Promise<string> {
  const searchPath = config.bareEnvironment['PATH'] ?? '';
  const binary = await findRedis({ searchPath, toolsDir: layout.tools, log: (line) => write(`${line}\n`) });
  const options = { dir: path.join(dir, role), port: await anyFreePort(), role, password: PASSWORD };
  return (await startRedis({ ...options, binary })).url;
}

/** Runs `work` with stores of its own that are gone afterwards, beside whatever else runs on this machine. */
export async function withTemporaryStores<Result>(
  context: CliContext,
  options: { readonly redis: boolean },
  work: (stores: TemporaryStores) => Promise<Result>,
): Promise<Result> {
  await discardLeftOvers();
  const dir = await mkdtemp(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  await chmod(dir, 0o711);
  // While the stores exist, a Ctrl-C must not end us before they are gone: the programs in `work` end and we go on.
  const ignore = () => undefined;
  process.on('SIGINT', ignore).on('SIGTERM', ignore).on('SIGHUP', ignore);
  try {
    const postgres = {
      dir: path.join(dir, 'postgres'),
      port: await anyFreePort(),
      password: PASSWORD,
      ephemeral: true,
    };
    const { url } = await startPostgres(postgres);
    const redisDurableUrl = options.redis ? await startRole('durable', dir, context) : '';
    const redisCacheUrl = options.redis ? await startRole('cache', dir, context) : '';
    return await work({ postgresUrl: url, redisDurableUrl, redisCacheUrl });
  } finally {
    await discard(dir);
    process.off('SIGINT', ignore).off('SIGTERM', ignore).off('SIGHUP', ignore);
  }
}
