import type { SharedDuplicates } from '@turnpike/radius/shared-duplicates.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import type { Breaker } from '../access/breaker.js';

export interface RedisDuplicatesOptions {
  /** Use `radius`, so that each call settles within 150 ms. */
  readonly redis: Redis;
  /** Of its own: a Redis that hangs must not cost every request its time limit. */
  readonly breaker: Breaker;
  /** Begins every key. */
  readonly prefix: string;
  /** How long a reply is given to copies, ms. RFC 5080 2.2.2 asks for 5 s to 30 s. Default 30,000. */
  readonly keepMs?: number;
  /** How long a request counts as in work, ms; longer than a request takes, a second's delay of rejects included. Default 3,000. */
  readonly claimMs?: number;
}

const IN_WORK = 'w';
const MINE = { kind: 'mine' } as const;
const WORKED_ON = { kind: 'in-work' } as const;

/** Requests and replies that processes share through Redis: one command to claim a request and one to settle it. */
export function createRedisDuplicates(options: RedisDuplicatesOptions): SharedDuplicates {
  const { redis, breaker, prefix, keepMs = 30_000, claimMs = 3_000 } = options;
  const keyOf = (key: string): string => `${prefix}duplicate:${key}`;
  return {
    async claim(key) {
      // A process that is killed leaves its claims behind: they lapse soon, so that a retransmission gets through.
      const set = ['NX', 'GET', 'PX', claimMs];
      const known: unknown = await breaker.run(() => redis.callBuffer('SET', keyOf(key), IN_WORK, ...set));
      if (!Buffer.isBuffer(known)) return MINE;
      return known.length === IN_WORK.length ? WORKED_ON : { kind: 'answered', reply: known };
    },
    async settle(key, reply) {
      await breaker.run<unknown>(() =>
        reply === undefined ? redis.del(keyOf(key)) : redis.set(keyOf(key), reply, 'PX', keepMs),
      );
    },
  };
}
