/** When a provider is asked what became of a request, seconds after it was made. */
const STEPS_SECONDS = [15, 30, 60, 120, 300, 900, 86_400] as const;
/** After that a payer can no longer answer: another payment may be started. Later news still counts. */
export const WINDOW_MS = 120_000;
/** After that a person decides. */
export const LAST_CHECK_MS = 86_400_000;
const SHORTEST_MS = 15_000;
const LONGEST_MS = 3_600_000;

/** The next step after `now`; undefined when there is none left. */
export function checkAt(requestedAt: Date, now: Date): Date | undefined {
  const passedMs = now.getTime() - requestedAt.getTime();
  const step = STEPS_SECONDS.find((seconds) => seconds * 1_000 > passedMs);
  return step === undefined ? undefined : new Date(requestedAt.getTime() + step * 1_000);
}

/** Sooner than that when the provider could not be asked: half as long again as it has been so far, an hour at most. */
export function checkAgainAt(requestedAt: Date, now: Date): Date | undefined {
  const next = checkAt(requestedAt, now);
  if (next === undefined) return undefined;
  const passedMs = now.getTime() - requestedAt.getTime();
  const soonMs = now.getTime() + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, passedMs / 2));
  return new Date(Math.min(next.getTime(), soonMs));
}
