import { BentoCache, bentostore, errors } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver } from 'bentocache/drivers/redis';
import { createCacheBus, type CacheMessage } from './cache-bus.js';
import { createCacheFlights, tagsIn, type CacheFlight } from './cache-flights.js';
import { watchCache } from './cache-trust.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';
import { openRedis, type Redis } from './redis.js';

export interface CacheOptions {
  /** The cache Redis: what is in it may vanish at any time. */
  readonly redisUrl: string;
  /** Begins every key and names the channel, for example `turnpike:`. */
  readonly prefix: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly hitRate: number | null;
  readonly usedMemoryBytes: number;
  readonly maxMemoryBytes: number;
  readonly evictedKeys: number;
}

export interface CacheEntryOptions {
  readonly ttlMs: number;
  readonly tags?: readonly string[];
}

/**
 * Two levels: memory of this process, and the cache Redis shared by all. Values must survive JSON. Many callers of one key
 * share one load. While Redis is away or hangs nothing is cached and everything loaded: slower, never an error and never out of
 * date; what could not be invalidated meanwhile is repeated before anything is cached again.
 */
export interface Cache {
  /** The cached value or what `load` gives; errors of `load` pass through and nothing is kept. */
  getOrSet<Value>(key: string, options: CacheEntryOptions, load: () => Promise<Value>): Promise<Value>;
  /** Call after commit: no later `getOrSet` here gives the old value, in other processes within some milliseconds. */
  invalidate(keys: readonly string[]): Promise<void>;
  invalidateTags(tags: readonly string[]): Promise<void>;
  clear(): Promise<void>;
  /** False while Redis does not answer, and this process could miss that something is out of date. */
  isTrusted(): boolean;
  /** Calls back with the tags of every invalidation by tag, wherever it was made; undefined: forget everything. */
  onInvalidated(listener: (tags: readonly string[] | undefined) => void): void;
  /** An answer was given that somebody kept who listens to the invalidations. `name`: of the cache. */
  countHit(name: string): void;
  /** Hits and misses of this process; what Redis says of itself, zeros while it is away. */
  stats(): Promise<CacheStats>;
  /** Resolves when invalidations of other processes arrive here. */
  started(): Promise<void>;
  close(): Promise<void>;
}

const REDIS_DEADLINE_MS = 150;
const MOST_NAMES = 20;

export function createCache({ redisUrl, prefix, metrics, logger }: CacheOptions): Cache {
  const redis = openRedis({
    url: redisUrl,
    role: 'cache',
    // Its deadline is kept by our own clock: a pause of this process must not look like one of Redis.
    use: 'radius',
    logger,
    commandTimeoutMs: REDIS_DEADLINE_MS,
  });
  const subscriber = openRedis({ url: redisUrl, role: 'cache', use: 'subscriber', logger });
  // By the list itself, which the library hands on as it is: a store for asynchronous code would cost every promise of the process.
  const answers = new WeakSet<object>();
  const bus = createCacheBus({
    publisher: redis,
    subscriber,
    prefix,
    logger,
    isAnswer: (keys) => answers.has(keys),
    received: (message, answer) => {
      flights.remoteInvalidation(message, answer);
      tellOf(message);
    },
    // Once more: in between, memory may still have given what is out of date.
    handled: (message) => tellOf(message),
  });
  const stores = new BentoCache({
    default: 'shared',
    prefix: prefix.replace(/:$/, ''),
    stores: {
      shared: bentostore()
        .useL1Layer(memoryDriver({ maxItems: 5_000, maxSize: '16mb' }))
        .useL2Layer(redisDriver({ connection: redis }))
        .useBus({ options: { retryQueue: { maxSize: 1_000 } }, factory: () => bus.transport }),
    },
    suppressL2Errors: true,
  });
  // Asking for the store makes it; otherwise it would hear of invalidations only after its first read.
  const bento = stores.use('shared');
  const flights = createCacheFlights(async (keys) => {
    const answer = [...keys];
    answers.add(answer);
    await bento.deleteMany({ keys: answer });
  });
  const listeners: ((tags: readonly string[] | undefined) => void)[] = [];
  const tell = (tags: readonly string[] | undefined): void => {
    for (const listener of listeners) listener(tags);
  };
  const tellOf = ({ keys, type }: CacheMessage): void => {
    const tags = tagsIn(keys);
    if (type === 'clear') tell(undefined);
    else if (tags.length > 0) tell(tags);
  };
  let owed = false;
  const trust = watchCache({
    commands: redis,
    subscriber,
    regain: async () => {
      bus.forgetAll();
      if (!owed) return;
      owed = false;
      await everywhere(() => bento.clear());
    },
  });

  /** Does what must reach Redis and the other processes; what may not have is owed. */
  async function everywhere(work: () => Promise<unknown>): Promise<void> {
    const before = trust.failures;
    await work();
    if (trust.failures !== before || redis.status !== 'ready') owed = true;
  }

  const requests = metrics.counter(
    'turnpike_cache_requests_total',
    'Reads of the cache, by what is read (the first word of the key) and outcome',
    ['cache', 'outcome'],
  );
  const nameOf = createNames();
  const count = { hit: 0, miss: 0 };
  const observe = (key: string, outcome: 'hit' | 'miss'): void => {
    count[outcome] += 1;
    requests.inc({ cache: nameOf(key), outcome });
  };

  async function fetchValue<Value>(
    key: string,
    { ttlMs, tags }: CacheEntryOptions,
    load: () => Promise<Value>,
    flight: CacheFlight,
  ): Promise<Value> {
    const loaded: { value: Value }[] = [];
    const cached = await bento.getOrSet<Value | undefined>({
      key,
      ttl: ttlMs,
      tags: [...(tags ?? [])],
      grace: false,
      // Filling the cache changes nothing for the others; only invalidations are told.
      skipBusNotify: true,
      factory: async (context) => {
        const value = await load();
        loaded.push({ value });
        // What was read before an invalidation must not be kept.
        return flight.stale ? context.skip() : value;
      },
    });
    const [fresh] = loaded;
    observe(key, fresh === undefined ? 'hit' : 'miss');
    if (fresh !== undefined) return fresh.value;
    return cached === undefined ? load() : cached;
  }

  async function loadOnly<Value>(key: string, load: () => Promise<Value>): Promise<Value> {
    observe(key, 'miss');
    return load();
  }

  return {
    getOrSet: async (key, options, load) => {
      try {
        if (!trust.trusted) return await flights.share(key, options.tags ?? [], async () => loadOnly(key, load));
        return await flights.share(key, options.tags ?? [], (flight) => fetchValue(key, options, load, flight));
      } catch (error) {
        throw error instanceof errors.E_FACTORY_ERROR ? error.cause : error;
      }
    },
    invalidate: async (keys) => {
      flights.invalidate(keys);
      await everywhere(() => bento.deleteMany({ keys: [...keys] }));
    },
    invalidateTags: async (tags) => {
      flights.invalidateTags(tags);
      tell(tags);
      await everywhere(() => bento.deleteByTag({ tags: [...tags] }));
      tell(tags);
    },
    clear: async () => {
      flights.invalidateAll();
      tell(undefined);
      await everywhere(() => bento.clear());
      // The others were told while Redis was still being emptied and may have read the old values back from there.
      await everywhere(() => bento.clear());
      tell(undefined);
    },
    isTrusted: () => trust.trusted,
    onInvalidated: (listener) => void listeners.push(listener),
    countHit: (name) => observe(name, 'hit'),
    stats: async () => ({
      hits: count.hit,
      misses: count.miss,
      hitRate: count.hit + count.miss === 0 ? null : count.hit / (count.hit + count.miss),
      ...(await memoryOf(redis)),
    }),
    started: async () => {
      await Promise.all([bus.started, trust.first]);
    },
    close: async () => {
      trust.stop();
      await stores.disconnectAll();
      subscriber.disconnect();
    },
  };
}

/** The first word of a key, `packages` of `packages:list:50`; there are few, and a mistake in a key must not make many. */
function createNames(): (key: string) => string {
  const names = new Set<string>();
  return (key) => {
    const name = /^[a-z]+/.exec(key)?.[0] ?? 'other';
    if (!names.has(name) && names.size >= MOST_NAMES) return 'other';
    names.add(name);
    return name;
  };
}

async function memoryOf(redis: Redis) {
  const info = await redis.info().catch(() => '');
  const read = (field: string): number => Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  return {
    usedMemoryBytes: read('used_memory'),
    maxMemoryBytes: read('maxmemory'),
    evictedKeys: read('evicted_keys'),
  };
}
