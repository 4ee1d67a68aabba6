import { setTimeout } from 'node:timers/promises';
import { addressKey } from '@turnpike/core/address-key.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { createTryLimiter, type TryLimit, type TryLimiter } from '@turnpike/runtime/try-limiter.js';
import { guessCounters } from './guess-counters.js';

/** Where a code comes from, as far as that is known. */
export interface GuessOrigin {
  /** MAC address of the phone. */
  readonly device?: string | undefined;
  /** Of the socket's other end; one for all phones behind a router that hides theirs. */
  readonly address?: string | undefined;
  /** Router id. */
  readonly nas?: string | undefined;
}

/**
 * Wrong codes within `seconds`.
 *
 * A device meets the first limit soon, and is refused. Devices can be made up, so the other two count what they share; but
 * customers share it too, and nobody is to be locked out by the guesses of others: beyond these everybody waits a little, in
 * a queue of a length that PostgreSQL does not feel, and somebody is told. Codes of 54 bits are not guessed at that pace.
 */
export const guessLimits = {
  device: { tries: 10, seconds: 900 },
  address: { tries: 200, seconds: 900 },
  nas: { tries: 200, seconds: 900 },
} as const satisfies Record<string, TryLimit>;

type Scope = keyof typeof guessLimits;
type Counted = Awaited<ReturnType<TryLimiter['get']>>;

const SLOWED_MS = 500;
/** Devices that this process knows to be over their limit: their guesses cost nothing at all. */
const MOST_REMEMBERED = 20_000;
/** Codes that wait at once in this process; more are asked to come again. */
const MOST_SLOWED = 50;

export interface Limited {
  /** `device`: too many wrong codes came from it; `busy`: too many codes wait where many guess. */
  readonly because: 'device' | 'busy';
  /** How long to wait before the next try. */
  readonly retryAfterSeconds: number;
}

export interface VoucherLimits {
  /** Before a code is looked for: undefined when it may be, at once or after a little wait. Reads Redis only. */
  admit(origin: GuessOrigin, signal?: AbortSignal): Promise<Limited | undefined>;
  /** The code was none: only this counts. */
  failed(origin: GuessOrigin): Promise<void>;
}

export interface VoucherLimitsDeps {
  readonly redis: Redis;
  readonly metrics: Metrics;
  /** Of the process, in the names of its metrics: `api`, `radius`. */
  readonly role: string;
  readonly prefix: string;
  readonly slowedMs?: number;
}

/** Counts in durable Redis for all processes together; while Redis is away each process counts for itself. */
export function createVoucherLimits(deps: VoucherLimitsDeps): VoucherLimits {
  const { redis, metrics, role, prefix, slowedMs = SLOWED_MS } = deps;
  const { guesses, alarms } = guessCounters(metrics, role);
  const limiters = {
    device: limiter('device'),
    address: limiter('address'),
    nas: limiter('nas'),
  };
  let slowed = 0;
  /** Until when, ms of the process's own clock, by the key of the device. */
  const overUntil = new Map<string, number>();

  function limiter(scope: Scope): TryLimiter {
    return createTryLimiter({ redis, key: `${prefix}guess:${scope}`, limit: guessLimits[scope] });
  }

  async function admit(origin: GuessOrigin, signal?: AbortSignal): Promise<Limited | undefined> {
    const keys = keysOf(origin);
    const left = leftOf(keys.device);
    if (left > 0) return refused('device', left);
    const device = keys.device === undefined ? null : await limiters.device.get(keys.device);
    if (isFull('device', device)) return refused('device', remember(keys.device ?? '', device?.msBeforeNext ?? 0));
    const [address, nas] = await Promise.all([countOf('address', keys.address), countOf('nas', keys.nas)]);
    return isFull('address', address) || isFull('nas', nas) ? slowDown(signal) : undefined;
  }

  async function countOf(scope: Scope, key: string | undefined): Promise<Counted> {
    return key === undefined ? null : limiters[scope].get(key);
  }

  function leftOf(key: string | undefined): number {
    const until = key === undefined ? undefined : overUntil.get(key);
    return until === undefined ? 0 : (until - performance.now()) / 1_000;
  }

  /** Gives the seconds left. */
  function remember(key: string, msLeft: number): number {
    overUntil.delete(key);
    overUntil.set(key, performance.now() + msLeft);
    const [oldest] = overUntil.keys();
    if (overUntil.size > MOST_REMEMBERED && oldest !== undefined) overUntil.delete(oldest);
    return msLeft / 1_000;
  }

  async function slowDown(signal: AbortSignal | undefined): Promise<Limited | undefined> {
    if (slowed >= MOST_SLOWED) return refused('busy', slowedMs / 1_000);
    slowed += 1;
    try {
      await setTimeout(slowedMs, undefined, { signal });
      return undefined;
    } finally {
      slowed -= 1;
    }
  }

  function refused(because: Limited['because'], seconds: number): Limited {
    guesses.inc({ outcome: 'limited' });
    return { because, retryAfterSeconds: Math.max(1, Math.ceil(seconds)) };
  }

  async function count(scope: Scope, key: string | undefined): Promise<void> {
    if (key === undefined) return;
    const { consumedPoints, msBeforeNext } = await limiters[scope].penalty(key);
    const most = guessLimits[scope].tries;
    if (consumedPoints === most) alarms.inc({ scope });
    if (scope === 'device' && consumedPoints >= most) remember(key, msBeforeNext);
  }

  return {
    admit,
    failed: async (origin) => {
      guesses.inc({ outcome: 'unknown' });
      const { device, address, nas } = keysOf(origin);
      await Promise.all([count('device', device), count('address', address), count('nas', nas)]);
    },
  };
}

function isFull(scope: Scope, counted: Counted): boolean {
  return counted !== null && counted.consumedPoints >= guessLimits[scope].tries;
}

/**
 * What a device is called is told by who asks, so it counts together with what cannot be chosen, the address or the router:
 * else anybody could have the device of somebody else refused. Who names none is its address.
 */
function keysOf({ device, address, nas }: GuessOrigin): Readonly<Record<Scope, string | undefined>> {
  const host = address === undefined ? undefined : addressKey(address);
  const who = device === undefined && host === undefined ? undefined : `${host ?? nas ?? ''}/${device ?? ''}`;
  return { device: who, address: host, nas };
}
