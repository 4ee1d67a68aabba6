import type { Redis } from '@turnpike/runtime/redis.js';

/** Every command that names one of our keys, as the Redis server sees it. */
export interface RedisWatch {
  readonly count: number;
  /** Those texts of `needles` that were part of a command. */
  found(needles: readonly string[]): string[];
  close(): void;
}

export async function watchRedis(redis: Redis, keyPrefix: string): Promise<RedisWatch> {
  const monitor = await redis.monitor();
  const seen: string[] = [];
  monitor.on('monitor', (_time: string, args: readonly string[]) => {
    if (args.some((arg) => arg.includes(keyPrefix))) seen.push(args.join(' '));
  });
  return {
    get count() {
      return seen.length;
    },
    found: (needles) => needles.filter((needle) => seen.some((command) => command.includes(needle))),
    close: () => monitor.disconnect(),
  };
}

/** Removes all keys with this prefix. */
export async function removeKeys(redis: Redis, keyPrefix: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${keyPrefix}*`, 'COUNT', 1_000);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}
