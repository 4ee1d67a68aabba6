import { finishes } from '@turnpike/core/finishes.js';
import type { Logger } from './logger.js';

/** Something that takes a round trip to know, and so is not asked at a scrape. */
export interface Sample {
  readonly name: string;
  take(): Promise<void>;
  /** The last value is no longer true: the metric shows none. */
  forget(): void;
}

export interface Sampling {
  start(): void;
  /** Waits for what is under way, but not for long. */
  stop(): Promise<void>;
  /** All of them now; for tests. Never rejects. */
  takeAll(): Promise<void>;
}

interface Options {
  readonly samples: readonly Sample[];
  readonly logger: Pick<Logger, 'debug'>;
  readonly everyMs?: number;
  /** Longest that one may take, ms; default 5,000. */
  readonly limitMs?: number;
}

const EVERY_MS = 10_000;
const LIMIT_MS = 5_000;
/** A store that hangs must not hold up the end of a process. */
const STOP_MS = 500;

/** Takes each sample in turn, again and again. What fails or hangs shows no value instead of an old one. */
export function createSampling({ samples, logger, everyMs = EVERY_MS, limitMs = LIMIT_MS }: Options): Sampling {
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  let stopped = false;

  async function takeOne({ name, take, forget }: Sample): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      late = setTimeout(() => reject(new Error(`no answer in ${limitMs} ms`)), limitMs).unref();
    });
    try {
      await Promise.race([take(), limit]);
    } catch (error) {
      forget();
      logger.debug({ err: error, sample: name }, 'a figure could not be taken');
    } finally {
      clearTimeout(late);
    }
  }

  async function takeAll(): Promise<void> {
    await Promise.all(samples.map(takeOne));
  }

  function loop(): void {
    round = takeAll().then(() => {
      if (!stopped) timer = setTimeout(loop, everyMs).unref();
    });
  }

  return {
    takeAll,
    start: loop,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await finishes(round, STOP_MS);
    },
  };
}
