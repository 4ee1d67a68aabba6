import { z } from 'zod';
import type { Clock } from '@turnpike/core/clock.js';
import type { Logger } from './logger.js';
import type { Redis } from './redis.js';

/** Sorted set: one member a live process, scored with its last heartbeat (ms since 1970). */
export const OPS_KEY = 'turnpike:ops';
const HEARTBEAT_MS = 5_000;
const DEAD_AFTER_MS = 15_000;

const opsTarget = z.object({
  role: z.string(),
  instance: z.string(),
  url: z.string(),
  pid: z.number().int(),
  /** ISO 8601. */
  startedAt: z.string(),
});
/** One process and where its ops server listens. */
export type OpsTarget = z.output<typeof opsTarget>;

export interface OpsRegistration {
  beat(): Promise<void>;
  remove(): Promise<void>;
}

interface RegisterOptions {
  readonly redis: Redis;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly key: string;
  readonly target: OpsTarget;
}

/** Writes a heartbeat every 5 s until removed. A Redis that is away costs the listing, never the process. */
export function registerOpsTarget({ redis, clock, logger, key, target }: RegisterOptions): OpsRegistration {
  const member = JSON.stringify(target);
  const beat = async (): Promise<void> => {
    try {
      await redis.zadd(key, clock.now().getTime(), member);
    } catch (error) {
      logger.debug({ err: error }, 'heartbeat not written');
    }
  };
  const timer = setInterval(() => void beat(), HEARTBEAT_MS);
  timer.unref();
  return {
    beat,
    remove: async () => {
      clearInterval(timer);
      try {
        await redis.zrem(key, member);
      } catch (error) {
        logger.debug({ err: error }, 'heartbeat not removed');
      }
    },
  };
}

/** Processes that gave a sign of life in the last 15 s, by role and instance. */
export async function listOpsTargets(redis: Redis, clock: Clock, key = OPS_KEY): Promise<OpsTarget[]> {
  const oldest = clock.now().getTime() - DEAD_AFTER_MS;
  await redis.zremrangebyscore(key, '-inf', `(${oldest}`);
  const members = await redis.zrangebyscore(key, oldest, '+inf');
  return members
    .flatMap((member) => {
      const parsed = opsTarget.safeParse(jsonOf(member));
      return parsed.success ? [parsed.data] : [];
    })
    .sort((a, b) => `${a.role} ${a.instance}`.localeCompare(`${b.role} ${b.instance}`, 'en', { numeric: true }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
