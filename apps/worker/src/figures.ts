import { statfs } from 'node:fs/promises';
import type { Clock } from '@turnpike/core/clock.js';
import { accountingBacklog, systemFigures } from '@turnpike/features/operations/system-figures.js';
import { paidOnlineFigures } from '@turnpike/features/payments/paid-online.js';
import { createQueueInspector } from '@turnpike/queue/inspector.js';
import type { Producer } from '@turnpike/queue/producer.js';
import { queueFigures } from '@turnpike/queue/queue-figures.js';
import { watchConnections } from '@turnpike/runtime/connection-metrics.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import { openRedis } from '@turnpike/runtime/redis.js';
import { redisFigures } from '@turnpike/runtime/redis-figures.js';
import { createSampling, type Sample } from '@turnpike/runtime/sampling.js';
import type { WorkerConfig } from './config.js';
import type { Stores } from './stores.js';

export interface FiguresDeps {
  readonly config: WorkerConfig;
  readonly stores: Stores;
  readonly producer: Producer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly prefix: string;
}

export interface Figures {
  start(): void;
  stop(): Promise<void>;
}

/** What is true of the whole system, not of one process: looked up now and then by the workers, so that a scrape asks nobody. */
export function createFigures(deps: FiguresDeps): Figures {
  const { config, stores, producer, clock, logger, metrics, prefix } = deps;
  const { database, durable, queue, stream, subscriber } = stores;
  const cache = openRedis({ url: config.REDIS_CACHE_URL, role: 'cache', use: 'commands', logger });
  const inspector = createQueueInspector({ connection: durable, prefix });
  const isThere = metrics.gauge('turnpike_worker_store_up', '1: the store answers; 0: it does not', ['store']);
  const up = (store: string, isUp: boolean): void => isThere.set({ store }, isUp ? 1 : 0);
  watchConnections(metrics, {
    postgres: database.poolUse,
    redis: { durable: [durable, queue, stream, subscriber], cache: [cache] },
  });
  const { db } = database;
  const sampling = createSampling({
    logger,
    samples: [
      ...systemFigures({ db, metrics, up }),
      ...redisFigures({ metrics, redis: { durable, cache }, up }),
      accountingBacklog({ redis: durable, stream: `${prefix}acct`, metrics }),
      paidOnlineFigures({ db, redis: durable, prefix, clock, metrics }),
      queueFigures({
        counts: () => producer.counts(),
        oldestWaiting: () => inspector.oldestWaiting(),
        nowMs: () => clock.now().getTime(),
        metrics,
      }),
      diskFigures(metrics, config.TURNPIKE_DATA),
    ],
  });
  return {
    start: sampling.start,
    stop: async () => {
      await sampling.stop();
      await inspector.close();
      cache.disconnect();
    },
  };
}

/** The disk of our own data, and of the embedded stores where they are used; a server elsewhere watches its own. */
function diskFigures(metrics: Metrics, directory: string): Sample {
  const free = metrics.gauge('turnpike_worker_disk_free_bytes', 'Free space of the disk that holds the data directory');
  const size = metrics.gauge('turnpike_worker_disk_size_bytes', 'Size of the disk that holds the data directory');
  return {
    name: 'disk',
    take: async () => {
      const { bavail, blocks, bsize } = await statfs(directory);
      free.set(bavail * bsize);
      size.set(blocks * bsize);
    },
    forget: () => {
      free.remove();
      size.remove();
    },
  };
}
