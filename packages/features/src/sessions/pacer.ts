import type { Clock } from '@turnpike/core/clock.js';

export interface Pace {
  readonly perSecond: number;
  /** So many may go at once after a rest. */
  readonly burst: number;
}

/** Lets callers through one after the other so that each key keeps its pace; nothing is kept of keys that rest. */
export interface Pacer {
  /** Resolves when it is the caller's turn; rejects with the signal's reason. */
  turn(key: string, signal: AbortSignal): Promise<void>;
}

const FORGET_ABOVE = 1_000;

/** The generic cell rate algorithm: each turn books the time that one takes, and waits only for what the burst does not cover. */
export function createPacer({ perSecond, burst }: Pace, clock: Clock): Pacer {
  const eachMs = 1_000 / perSecond;
  const bookedUntil = new Map<string, number>();

  function book(key: string): number {
    const nowMs = clock.monotonicMs();
    if (bookedUntil.size > FORGET_ABOVE) {
      for (const [known, untilMs] of bookedUntil) if (untilMs <= nowMs) bookedUntil.delete(known);
    }
    const untilMs = Math.max(nowMs, bookedUntil.get(key) ?? 0) + eachMs;
    bookedUntil.set(key, untilMs);
    return untilMs - nowMs - burst * eachMs;
  }

  return {
    turn: async (key, signal) => {
      signal.throwIfAborted();
      const waitMs = book(key);
      if (waitMs > 0) await sleep(waitMs, signal);
    },
  };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      const reason: unknown = signal.reason;
      reject(reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
