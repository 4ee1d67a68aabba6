import { createHash } from 'node:crypto';
import type { Redis } from '@turnpike/runtime/redis.js';

/** A Lua script that Redis runs as one step. */
export interface RedisScript {
  run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

/** Sent by digest; in full only when the server does not know it, which is so after every restart of Redis. */
export function redisScript(source: string): RedisScript {
  const digest = createHash('sha1').update(source).digest('hex');
  return {
    run: (redis, keys, args) =>
      redis.evalsha(digest, keys.length, ...keys, ...args).catch((error: unknown) => {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(source, keys.length, ...keys, ...args);
      }),
  };
}
