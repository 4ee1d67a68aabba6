import { setTimeout as delay } from 'node:timers/promises';
import type { Feeder } from './generator.js';

const POLL_MS = 10;

/** Sees when a service answers again after it was broken. */
export class AnswerWatch {
  /** When the youngest request that has an answer was sent; performance.now(). */
  #youngestSentMs = 0;
  answers = 0;

  /** The same feeder, watched. */
  over(feeder: Feeder): Feeder {
    return {
      load: (slot) => feeder.load(slot),
      answered: (slot, reply, tookMs) => {
        this.answers += 1;
        if (slot.firstSentMs > this.#youngestSentMs) this.#youngestSentMs = slot.firstSentMs;
        feeder.answered(slot, reply, tookMs);
      },
      lost: (slot) => feeder.lost(slot),
    };
  }

  /** How long after `sinceMs` a request sent later than that is answered, ms; undefined: not within `withinMs`. */
  async answersAgain(sinceMs: number, withinMs: number, signal: AbortSignal): Promise<number | undefined> {
    while (this.#youngestSentMs <= sinceMs) {
      if (performance.now() - sinceMs > withinMs) return undefined;
      await delay(POLL_MS, undefined, { signal });
    }
    return performance.now() - sinceMs;
  }
}
