export interface Backoff {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** Share of the delay that is random, 0 to 1. */
  readonly jitter: number;
}

/** Delay in ms before try number `attempt` + 1 (attempt counts from 1). `random` gives 0 <= x < 1. */
export function backoffMs(backoff: Backoff, attempt: number, random: () => number): number {
  const full = Math.min(backoff.maxMs, backoff.firstMs * backoff.factor ** (attempt - 1));
  return Math.round(full * (1 - backoff.jitter) + full * backoff.jitter * random());
}
