import type { Clock } from '@turnpike/core/clock.js';

export interface SteerableClock extends Clock {
  /** Lets `ms` pass on both clocks. */
  advance(ms: number): void;
  /** Sets the wall clock, as an operator or NTP would; the monotonic clock goes on as before. */
  setWall(at: Date): void;
}

export function createSteerableClock(start = new Date('2026-01-01T00:00:00.000Z')): SteerableClock {
  let wallMs = start.getTime();
  let monotonic = 0;
  return {
    now: () => new Date(wallMs),
    monotonicMs: () => monotonic,
    advance: (ms) => {
      wallMs += ms;
      monotonic += ms;
    },
    setWall: (at) => {
      wallMs = at.getTime();
    },
  };
}
