import type { Clock } from '@turnpike/core/clock.js';

/** Counts what happens, and tells how much of it a second there was lately. */
export interface RateMeter {
  mark(): void;
  /** Mean over the last ten whole seconds. */
  perSecond(): number;
}

const SECONDS = 10;

/** One count a second in a ring of eleven: the second that still runs is not looked at. */
export function createRateMeter(clock: Pick<Clock, 'monotonicMs'>): RateMeter {
  const counts = new Float64Array(SECONDS + 1);
  const slots = counts.length;
  let current = second();

  function second(): number {
    return Math.floor(clock.monotonicMs() / 1_000);
  }

  /** Empties the slots of the seconds in which nothing happened. */
  function advance(): void {
    const now = second();
    const passed = Math.min(now - current, slots);
    for (let step = 1; step <= passed; step += 1) counts[(current + step) % slots] = 0;
    current = now;
  }

  return {
    mark: () => {
      advance();
      const slot = current % slots;
      counts[slot] = (counts[slot] ?? 0) + 1;
    },
    perSecond: () => {
      advance();
      let sum = 0;
      for (let slot = 0; slot < slots; slot += 1) if (slot !== current % slots) sum += counts[slot] ?? 0;
      return sum / SECONDS;
    },
  };
}
