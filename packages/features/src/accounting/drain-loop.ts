import { messageOf } from '@turnpike/core/app-error.js';
import { backoffMs } from '@turnpike/core/backoff.js';
import { finishes } from '@turnpike/core/finishes.js';
import type { Logger } from '@turnpike/runtime/logger.js';

export interface DrainLoopOptions {
  readonly name: string;
  /** Does one batch and gives its size; 0 when there was nothing to do. */
  readonly step: () => Promise<number>;
  /** Pause when there was nothing to do, ms. */
  readonly idleMs: number;
  readonly logger: Logger;
}

export interface DrainLoop {
  start(): void;
  /** Lets the step under way finish; one that only waits is given up after `STOP_MS`. */
  stop(): Promise<void>;
}

const RETRY = { firstMs: 200, factor: 2, maxMs: 5_000, jitter: 0.5 };
const STOP_MS = 5_000;

/** Repeats a step for as long as the process lives, with growing pauses while it fails. */
export function createDrainLoop({ name, step, idleMs, logger }: DrainLoopOptions): DrainLoop {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      try {
        const done = await step();
        if (failures > 0) logger.info({ loop: name }, 'accounting is being taken in again');
        failures = 0;
        if (done === 0 && idleMs > 0) await pause(idleMs);
      } catch (error) {
        failures += 1;
        if (failures === 1) logger.warn({ loop: name, reason: messageOf(error) }, 'accounting waits: a store is away');
        await pause(backoffMs(RETRY, failures, Math.random));
      }
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        stopping.signal.removeEventListener('abort', done);
        resolve();
      }
      stopping.signal.addEventListener('abort', done);
      if (stopping.signal.aborted) done();
    });
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      if (running === undefined) return;
      await finishes(running, STOP_MS);
    },
  };
}
