import type { Clock } from '@turnpike/core/clock.js';

interface Options<Value> {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** How old a value may be before a newer one is read. */
  readonly freshMs: number;
  /** How old it may be when it is given at once, while the newer one is on its way. */
  readonly longestMs: number;
  readonly load: () => Promise<Value>;
}

export interface LatestValue<Value> {
  /** Waits for `load` only where there is nothing that may be given; then its errors pass through. */
  read(): Promise<Value>;
  /** What was read before now is not given any more. */
  forget(): void;
}

/** For numbers that take long to count and move slowly: those who ask are answered with the last ones, and nobody waits. */
export function createLatestValue<Value>({ clock, freshMs, longestMs, load }: Options<Value>): LatestValue<Value> {
  let held: { readonly value: Value; readonly atMs: number } | undefined;
  let loading: Promise<Value> | undefined;

  function renew(): Promise<Value> {
    const atMs = clock.monotonicMs();
    const mine: Promise<Value> = load()
      .then((value) => {
        if (loading === mine) held = { value, atMs };
        return value;
      })
      .finally(() => {
        if (loading === mine) loading = undefined;
      });
    loading = mine;
    return mine;
  }

  return {
    read: async () => {
      const ageMs = held === undefined ? Infinity : clock.monotonicMs() - held.atMs;
      if (held !== undefined && ageMs < freshMs) return held.value;
      const newer = loading ?? renew();
      if (held === undefined || ageMs >= longestMs) return newer;
      // Who asks after this one tries again.
      void newer.catch(() => undefined);
      return held.value;
    },
    forget: () => {
      held = undefined;
      loading = undefined;
    },
  };
}
