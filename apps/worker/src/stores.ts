import { openDatabase, type Database } from '@turnpike/db/database.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { openRedis, type Redis } from '@turnpike/runtime/redis.js';
import type { WorkerConfig } from './config.js';

export interface Stores {
  readonly database: Database;
  /** The durable Redis, for commands. */
  readonly durable: Redis;
  /** The durable Redis, for BullMQ's waiting. */
  readonly queue: Redis;
  /** The durable Redis, for waiting on the accounting stream. */
  readonly stream: Redis;
  /** Receives what other processes publish on the durable Redis. */
  readonly subscriber: Redis;
  close(): Promise<void>;
}

/** Jobs of all queues and the accounting drain share these; PostgreSQL's own limit is 100 for all processes. */
const MAX_CONNECTIONS = 15;

export function openStores(config: WorkerConfig, logger: Logger): Stores {
  const database = openDatabase({
    url: config.DATABASE_URL,
    applicationName: `turnpike-worker-${config.NODE_APP_INSTANCE}`,
    maxConnections: MAX_CONNECTIONS,
  });
  const open = (use: 'commands' | 'blocking' | 'subscriber'): Redis =>
    openRedis({ url: config.REDIS_DURABLE_URL, role: 'durable', use, logger });
  const [durable, queue, stream, subscriber] = [
    open('commands'),
    open('blocking'),
    open('blocking'),
    open('subscriber'),
  ];
  return {
    database,
    durable,
    queue,
    stream,
    subscriber,
    close: async () => {
      for (const redis of [durable, queue, stream, subscriber]) redis.disconnect();
      await database.close();
    },
  };
}
