/** Where the time comes from; handed over as an argument so that tests can steer it. */
export interface Clock {
  /** Wall-clock instant. */
  now(): Date;
  /** Milliseconds that never go backwards; for measuring and for deadlines, not for storing. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
