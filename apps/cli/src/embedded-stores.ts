import { AppError, messageOf } from '@turnpike/core/app-error.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { assertRedisSettings, openRedis, waitUntilReady } from '@turnpike/runtime/redis.js';
import { findPostgres, startPostgres, stopPostgres } from '@turnpike/stores/postgres.js';
import { findRedis } from '@turnpike/stores/redis-binary.js';
import type { RedisRole } from '@turnpike/stores/redis-conf.js';
import { findRedisProcess, startRedis, stopRedis } from '@turnpike/stores/redis.js';
import type { CliContext } from './cli-context.js';
import type { Secrets } from './secrets.js';
import type { KnownPorts, Ports } from './settled-ports.js';

/** Which of the embedded servers run now. */
export async function embeddedStoresRunning({ layout }: CliContext) {
  const [postgres, redisDurable, redisCache] = await Promise.all([
    findPostgres(layout.postgres),
    findRedisProcess(layout.redisDurable),
    findRedisProcess(layout.redisCache),
  ]);
  return {
    postgres: postgres !== undefined,
    redisDurable: redisDurable !== undefined,
    redisCache: redisCache !== undefined,
  };
}

/** An address without its password, for people. */
export function withoutPassword(url: string): string {
  const { host, pathname, protocol } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

interface StoreStart {
  readonly detail: string;
  readonly value: string;
}

function ownServer(url: string): StoreStart {
  return { detail: `your own, ${withoutPassword(url)}`, value: url };
}

export async function startDatabase(context: CliContext, secrets: Secrets, ports: Ports): Promise<StoreStart> {
  const { config, layout } = context;
  if (config.databaseUrl !== undefined) return ownServer(config.databaseUrl);
  const { url, port, started, cluster } = await startPostgres({
    dir: layout.postgres,
    port: ports.postgres,
    password: secrets.postgresPassword,
  });
  const where = cluster === layout.postgres ? '' : ` (data in ${cluster})`;
  return { detail: `${started ? 'started' : 'running'} on 127.0.0.1:${port}${where}`, value: url };
}

export async function startRedisPair(
  { config, layout }: CliContext,
  secrets: Secrets,
  ports: Ports,
  log: (line: string) => void,
): Promise<{ detail: string; value: Record<RedisRole, string> }> {
  const start = async (role: RedisRole, own: string | undefined): Promise<StoreStart> => {
    if (own !== undefined) {
      await requireSettings(own, role);
      return ownServer(own);
    }
    const searchPath = config.bareEnvironment['PATH'] ?? '';
    const binary = await findRedis({ searchPath, toolsDir: layout.tools, log });
    const settings = redisSettings(role, { layout, secrets, ports });
    const { url, started } = await startRedis({ ...settings, role, binary });
    return { detail: `${started ? 'started' : 'running'} on 127.0.0.1:${settings.port}`, value: url };
  };
  const durable = await start('durable', config.redisDurableUrl);
  const cache = await start('cache', config.redisCacheUrl);
  return {
    detail: `durable ${durable.detail}, cache ${cache.detail}`,
    value: { durable: durable.value, cache: cache.value },
  };
}

interface RedisPlace {
  readonly layout: CliContext['layout'];
  readonly secrets: Secrets;
  readonly ports: KnownPorts;
}

export function redisSettings(role: RedisRole, { layout, secrets, ports }: RedisPlace) {
  return role === 'durable'
    ? { dir: layout.redisDurable, port: ports.redisDurable ?? 0, password: secrets.redisDurablePassword }
    : { dir: layout.redisCache, port: ports.redisCache ?? 0, password: secrets.redisCachePassword };
}

/** Stops the embedded servers; names those that were running. */
export async function stopStores({ layout }: CliContext, secrets: Secrets, ports: KnownPorts): Promise<string[]> {
  const stopped: string[] = [];
  for (const role of ['cache', 'durable'] as const) {
    if (await stopRedis(redisSettings(role, { layout, secrets, ports }))) stopped.push(`Redis (${role})`);
  }
  if (await stopPostgres({ dir: layout.postgres })) stopped.push('PostgreSQL');
  return stopped;
}

/** Every process would refuse a server with wrong settings; better said once, here. */
async function requireSettings(url: string, role: RedisRole): Promise<void> {
  const logger = createLogger({ level: 'silent', role: 'cli', instance: 'up' });
  const redis = openRedis({ url, role, use: 'commands', logger });
  try {
    await waitUntilReady(redis, 5_000);
    await assertRedisSettings(redis, role);
  } catch (error) {
    throw new AppError('unavailable', messageOf(error), { cause: error });
  } finally {
    redis.disconnect();
  }
}
