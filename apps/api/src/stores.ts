import type { Logger } from '@turnpike/runtime/logger.js';
import { openDatabase, type Database } from '@turnpike/db/database.js';
import { openRedis, type Redis } from '@turnpike/runtime/redis.js';
import type { ApiConfig } from './config.js';

export interface Stores {
  readonly database: Database;
  readonly durable: Redis;
  /** Waits for what other processes tell. */
  readonly live: Redis;
  /** Hears what other processes publish on the durable Redis. */
  readonly subscriber: Redis;
  /** Waits for the answers of workers. */
  readonly blocking: Redis;
  /** The durable Redis again, for counting: while it hangs, nobody who signs in waits long for it. */
  readonly counters: Redis;
  readonly cacheRedis: Redis;
  close(): Promise<void>;
}

/** A process of the cluster rarely has more than a few statements under way; PostgreSQL's own limit is 100 for all. */
const MAX_CONNECTIONS = 8;
const COUNTER_DEADLINE_MS = 200;

/** Opens connections; none has to succeed now: whoever needs one that is away answers 503 and tries again next time. */
export function openStores(config: ApiConfig, logger: Logger): Stores {
  const database = openDatabase({
    url: config.DATABASE_URL.reveal(),
    applicationName: `turnpike-api-${config.NODE_APP_INSTANCE}`,
    maxConnections: MAX_CONNECTIONS,
  });
  const durableUrl = config.REDIS_DURABLE_URL.reveal();
  const durable = openRedis({ url: durableUrl, role: 'durable', use: 'commands', logger });
  const live = openRedis({ url: durableUrl, role: 'durable', use: 'blocking', logger });
  const subscriber = openRedis({ url: durableUrl, role: 'durable', use: 'subscriber', logger });
  const blocking = openRedis({ url: durableUrl, role: 'durable', use: 'blocking', logger });
  const counters = openRedis({
    url: durableUrl,
    role: 'durable',
    use: 'commands',
    logger,
    commandTimeoutMs: COUNTER_DEADLINE_MS,
  });
  const cacheRedis = openRedis({ url: config.REDIS_CACHE_URL.reveal(), role: 'cache', use: 'commands', logger });
  return {
    database,
    durable,
    live,
    subscriber,
    blocking,
    counters,
    cacheRedis,
    close: async () => {
      for (const redis of [durable, live, subscriber, blocking, counters, cacheRedis]) redis.disconnect();
      await database.close();
    },
  };
}
