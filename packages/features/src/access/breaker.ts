import type { Clock } from '@turnpike/core/clock.js';

export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
}

export interface Breaker {
  /** Runs `work`, or rejects at once with BreakerOpenError while the store is known to be away. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  readonly isOpen: boolean;
}

/**
 * Stops asking a store that fails: after `failures` in a row it is left alone for `pauseMs`, then one call tries again
 * while the others still pass it by. Without it a hung Redis would cost every request its whole time limit.
 */
export function createBreaker(options: { clock: Clock; failures?: number; pauseMs?: number }): Breaker {
  const { clock, failures = 5, pauseMs = 250 } = options;
  let inRow = 0;
  let retryAtMs = 0;

  return {
    get isOpen() {
      return inRow >= failures && clock.monotonicMs() < retryAtMs;
    },
    async run(work) {
      if (inRow >= failures) {
        const nowMs = clock.monotonicMs();
        if (nowMs < retryAtMs) throw new BreakerOpenError('the store is left alone after repeated failures');
        retryAtMs = nowMs + pauseMs;
      }
      try {
        const result = await work();
        inRow = 0;
        return result;
      } catch (error) {
        inRow += 1;
        if (inRow >= failures) retryAtMs = clock.monotonicMs() + pauseMs;
        throw error;
      }
    },
  };
}
