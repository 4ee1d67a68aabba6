/** When the same request is sent again while no reply comes (RFC 5080 2.2.1). */
export interface RetrySchedule {
  /** Wait after the first transmission. */
  readonly firstMs: number;
  /** How much longer each further wait is; 1 for equal ones. */
  readonly factor: number;
  /** The longest wait, before jitter. */
  readonly maxMs: number;
  /** Transmissions in all; after the last one its wait is still kept. */
  readonly tries: number;
  /** Part of a wait, 0 <= x < 1, by which it is varied at random in both directions. */
  readonly jitter: number;
}

/** The waits RFC 5080 2.2.1 recommends: 2 s, doubled up to 16 s, each varied by 10 %. */
export const RFC5080_RETRY: RetrySchedule = { firstMs: 2_000, factor: 2, maxMs: 16_000, tries: 5, jitter: 0.1 };

/** Throws RangeError on a schedule that would never end or never wait. */
export function checkRetrySchedule({ firstMs, factor, maxMs, tries, jitter }: RetrySchedule): void {
  if (!(firstMs > 0) || !(maxMs >= firstMs)) throw new RangeError('a retry schedule needs 0 < firstMs <= maxMs');
  if (!(factor >= 1)) throw new RangeError('the waits of a retry schedule must not shrink');
  if (!Number.isInteger(tries) || tries < 1) throw new RangeError(`${tries} transmissions are none`);
  if (!(jitter >= 0 && jitter < 1)) throw new RangeError('jitter is at least 0 and below 1');
}

/**
 * The wait after a transmission, in ms. `previousMs` is the wait before it as it was, jitter included, and undefined
 * for the first transmission; `random` is 0 <= x < 1.
 */
export function nextWaitMs(schedule: RetrySchedule, previousMs: number | undefined, random: number): number {
  const { firstMs, factor, maxMs, jitter } = schedule;
  const variation = jitter * (2 * random - 1);
  // Waits that do not grow are varied around the first one: their jitter would add up otherwise.
  if (previousMs === undefined || factor === 1) return firstMs * (1 + variation);
  const waitMs = previousMs * (factor + variation);
  return waitMs > maxMs ? maxMs * (1 + variation) : waitMs;
}
