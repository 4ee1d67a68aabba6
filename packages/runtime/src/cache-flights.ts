import type { CacheMessage } from './cache-bus.js';

/** One load under way, shared by everybody who asks for its key meanwhile. */
export interface CacheFlight {
  /** True: its key was invalidated since it began, so its value is handed out but not kept. */
  readonly stale: boolean;
}

interface Flight {
  stale: boolean;
  readonly key: string;
  readonly tags: readonly string[];
  result: Promise<unknown>;
}

export interface CacheFlights {
  share<Value>(key: string, tags: readonly string[], fetch: (flight: CacheFlight) => Promise<Value>): Promise<Value>;
  invalidate(keys: readonly string[]): void;
  invalidateTags(tags: readonly string[]): void;
  invalidateAll(): void;
  /** A message of another process's cache; `answer`: it only follows from one that every process has had. */
  remoteInvalidation(message: CacheMessage, answer: boolean): void;
}

/** The library tells of an invalidated tag as of a key with this beginning. */
const TAG_KEY = '___bc:t:';
/** The tags that a message of another process's cache says are out of date. */
export function tagsIn(keys: readonly string[]): string[] {
  return keys.filter((key) => key.startsWith(TAG_KEY)).map((key) => key.slice(TAG_KEY.length));
}

/** How long after a load its value may still be on its way into Redis, overtaken by an invalidation. */
const SETTLING_MS = 1_000;

/**
 * Closes the gap between reading a row and keeping what was read: an invalidation in between must win. `remove` deletes keys
 * everywhere; it is called when another process invalidated a key that this one had just filled with the older value.
 */
export function createCacheFlights(remove: (keys: readonly string[]) => Promise<void>): CacheFlights {
  const open = new Map<string, Flight>();
  const settling = new Set<Flight>();

  function settle(flight: Flight): void {
    if (open.get(flight.key) === flight) open.delete(flight.key);
    settling.add(flight);
    setTimeout(() => settling.delete(flight), SETTLING_MS).unref();
  }

  function markStale(concerns: (flight: Flight) => boolean): string[] {
    for (const flight of [...open.values()].filter(concerns)) {
      flight.stale = true;
      // Who asks from now on must not get what was read before.
      open.delete(flight.key);
    }
    return [...settling].filter(concerns).map((flight) => flight.key);
  }

  const byKeys = (keys: readonly string[]) => {
    const wanted = new Set(keys);
    return (flight: Flight) => wanted.has(flight.key);
  };
  const byTags = (tags: readonly string[]) => (flight: Flight) => flight.tags.some((tag) => tags.includes(tag));
  const removeLate = (keys: readonly string[]): void => {
    if (keys.length > 0) remove(keys).catch(() => undefined);
  };

  return {
    share: async <Value>(key: string, tags: readonly string[], fetch: (flight: CacheFlight) => Promise<Value>) => {
      const under = open.get(key);
      // The same key always holds the same type: the caller who began this flight asked for it too.
      if (under !== undefined) return under.result as Promise<Value>;
      const flight: Flight = { key, tags, stale: false, result: Promise.resolve() };
      const result = fetch(flight);
      flight.result = result;
      open.set(key, flight);
      try {
        return await result;
      } finally {
        settle(flight);
      }
    },
    invalidate: (keys) => void markStale(byKeys(keys)),
    invalidateTags: (tags) => removeLate(markStale(byTags(tags))),
    invalidateAll: () => void markStale(() => true),
    remoteInvalidation: ({ keys, type }, answer) => {
      if (answer) {
        // Answers to answers would go on for as long as two processes read the key: each would find that it was just filled.
        markStale(byKeys(keys));
        return;
      }
      if (type === 'clear') removeLate(markStale(() => true));
      if (type === 'delete') removeLate(markStale(byKeys(keys)));
      const tags = tagsIn(keys);
      if (tags.length > 0) removeLate(markStale(byTags(tags)));
    },
  };
}
