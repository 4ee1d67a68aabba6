import { messageOf } from '@turnpike/core/app-error.js';
import { Redis, type RedisOptions } from 'ioredis';
import { limitCommands } from './command-deadline.js';
import type { Logger } from './logger.js';

export type { Redis };

/** `durable`: queues, accounting, snapshots; `cache`: what may vanish at any time. */
export type RedisRole = 'durable' | 'cache';
/**
 * `commands`: fails at once while Redis is away, within 1 s when it hangs. `radius`: the same within 150 ms, also before the
 * first connection; for whoever cannot wait, which is RADIUS and the cache. `blocking`: for BullMQ workers, waits. `subscriber`: pub/sub, subscribes again after a break.
 */
export type RedisUse = 'commands' | 'radius' | 'blocking' | 'subscriber';

export interface OpenRedisOptions {
  readonly url: string;
  readonly role: RedisRole;
  readonly use: RedisUse;
  readonly logger: Logger;
  /** Overrides the use's longest wait for one answer, ms. */
  readonly commandTimeoutMs?: number;
}

const RADIUS_LIMIT_MS = 150;

const PROFILES: Readonly<Record<RedisUse, RedisOptions>> = {
  commands: { commandTimeout: 1_000, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false },
  radius: {
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    connectTimeout: 500,
  },
  blocking: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null },
};

export function openRedis(options: OpenRedisOptions): Redis {
  const redis = new Redis(options.url, {
    connectTimeout: 2_000,
    keepAlive: 10_000,
    disconnectTimeout: 300,
    // It lost its role to another one behind the same address: only a new connection leads there.
    reconnectOnError: isReadOnly,
    connectionName: `turnpike-${options.use}`,
    retryStrategy: (times: number) => Math.min(1_000, 50 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2),
    ...PROFILES[options.use],
    ...(options.commandTimeoutMs === undefined || options.use === 'radius'
      ? {}
      : { commandTimeout: options.commandTimeoutMs }),
  });
  if (options.use === 'commands') failFastOnceConnected(redis);
  if (options.use === 'radius') limitCommands(redis, options.commandTimeoutMs ?? RADIUS_LIMIT_MS);
  logTransitions(redis, options);
  return redis;
}

/** Resolves when the connection can take commands; rejects with a sentence that names the server when it cannot in time. */
export async function waitUntilReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  let timer: NodeJS.Timeout | undefined;
  let onReady = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      onReady = resolve;
      redis.once('ready', onReady);
      timer = setTimeout(() => reject(new Error(`Redis at ${addressOf(redis)} does not answer`)), timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    redis.off('ready', onReady);
  }
}

export function addressOf(redis: Redis): string {
  return `${redis.options.host ?? 'localhost'}:${redis.options.port ?? 6379}`;
}

/** True for what ioredis throws when the server is away, hangs or is still loading: our 503, not our bug. */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    /^(Command timed out|Connection is closed|Stream isn't writeable|connect E|read E|LOADING |READONLY |MASTERDOWN |CLUSTERDOWN )/.test(
      error.message,
    )
  );
}

function isReadOnly(error: Error): boolean {
  return error.message.startsWith('READONLY ');
}

/** Commands given before the first connection wait for it; later ones fail at once while Redis is away. */
function failFastOnceConnected(redis: Redis): void {
  redis.once('ready', () => {
    redis.options.enableOfflineQueue = false;
  });
}

function logTransitions(redis: Redis, { logger, role, use }: OpenRedisOptions): void {
  let reachable: boolean | undefined;
  const fields = { redis: role, use, address: addressOf(redis) };
  redis.on('error', (error: Error) => {
    if (reachable !== false) logger.warn({ ...fields, err: error }, 'Redis is away');
    reachable = false;
  });
  redis.on('ready', () => {
    if (reachable === false) logger.info(fields, 'Redis is back');
    reachable = true;
  });
}

interface Setting {
  readonly name: string;
  readonly fine: (value: string) => boolean;
  readonly wanted: string;
  readonly reason: string;
}

const DURABLE_SETTINGS: readonly Setting[] = [
  {
    name: 'maxmemory-policy',
    fine: (value) => value === 'noeviction',
    wanted: 'noeviction',
    reason: 'any other policy throws queued jobs and accounting away when memory runs out',
  },
  {
    name: 'appendonly',
    fine: (value) => value === 'yes',
    wanted: 'yes',
    reason: 'without the append-only file a crash loses what was acknowledged',
  },
  {
    name: 'appendfsync',
    fine: (value) => value === 'always',
    wanted: 'always',
    reason: 'any other setting loses up to a second of acknowledged accounting',
  },
];

const CACHE_SETTINGS: readonly Setting[] = [
  {
    name: 'maxmemory-policy',
    fine: (value) => value.startsWith('allkeys-'),
    wanted: 'allkeys-lru',
    reason: 'a cache must make room for new entries when its memory is full',
  },
];

export class RedisSettingsError extends Error {
  override readonly name = 'RedisSettingsError';
}

/**
 * Refuses a server whose settings would lose data, and says exactly what to change.
 * Gives the settings that the server would not tell (managed services forbid CONFIG); they are for the log.
 */
export async function assertRedisSettings(redis: Redis, role: RedisRole): Promise<{ unchecked: string[] }> {
  const settings = role === 'durable' ? DURABLE_SETTINGS : CACHE_SETTINGS;
  const actual = await readSettings(redis);
  const wrong = settings.filter(({ name, fine }) => !fine(actual.get(name) ?? '') && actual.has(name));
  if (wrong.length > 0) throw new RedisSettingsError(complaint(redis, role, wrong, actual));
  return { unchecked: settings.map((setting) => setting.name).filter((name) => !actual.has(name)) };
}

/** Wrong settings stop a process; a Redis that is away does not: it may come back, and much works without it. */
export async function refuseWrongRedis(redis: Redis, role: RedisRole, logger: Logger): Promise<void> {
  try {
    await assertRedisSettings(redis, role);
  } catch (error) {
    if (error instanceof RedisSettingsError) throw error;
    logger.warn({ redis: role, reason: messageOf(error) }, 'the settings of Redis could not be checked');
  }
}

async function readSettings(redis: Redis): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const info = await redis.info();
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  const aof = /^aof_enabled:([01])/m.exec(info)?.[1];
  if (policy !== undefined) found.set('maxmemory-policy', policy);
  if (aof !== undefined) found.set('appendonly', aof === '1' ? 'yes' : 'no');
  for (const name of ['maxmemory-policy', 'appendonly', 'appendfsync']) {
    const value = await configValue(redis, name);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

async function configValue(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const answer: unknown = await redis.config('GET', name);
    if (Array.isArray(answer)) return typeof answer[1] === 'string' ? answer[1] : undefined;
    const fields: unknown[] = typeof answer === 'object' && answer !== null ? Object.values(answer) : [];
    const [entry] = fields;
    return typeof entry === 'string' ? entry : undefined;
  } catch (error) {
    if (error instanceof Error && /unknown command|NOPERM|not allowed/i.test(error.message)) return undefined;
    throw error;
  }
}

function complaint(redis: Redis, role: RedisRole, wrong: readonly Setting[], actual: Map<string, string>): string {
  const lines = wrong.flatMap(({ name, wanted, reason }) => [
    `  ${name} is "${actual.get(name) ?? ''}" and must be "${wanted}": ${reason}.`,
    `    in redis.conf: ${name} ${wanted}      now: redis-cli -u ${withoutPassword(redis)} CONFIG SET ${name} ${wanted}`,
  ]);
  const other = role === 'durable' ? 'REDIS_DURABLE_URL' : 'REDIS_CACHE_URL';
  return [
    `The ${role} Redis at ${addressOf(redis)} has settings that do not fit (is ${other} the right server?):`,
    ...lines,
    '  After CONFIG SET, CONFIG REWRITE keeps the change over a restart.',
  ].join('\n');
}

function withoutPassword(redis: Redis): string {
  return `redis://${addressOf(redis)}`;
}
