import type { RouterRadius } from '@turnpike/contracts/routers.js';
import type { NasActivity } from '@turnpike/db/generated/client.js';

export interface NasFacts {
  readonly activity: NasActivity | null;
  /** When the secret was last rotated; `rotating` while the one before is still valid. */
  readonly secretRotatedAt: Date | null;
  readonly rotating: boolean;
}

const SILENT_AFTER_MS = 15 * 60_000;
const THROTTLED_FOR_MS = 60_000;
/** A previous secret that was not used for so long is given up. */
export const PREVIOUS_KEPT_MS = 10 * 60_000;

/** What people are told of a router's RADIUS side. A wrong secret is shown until a packet with a right one has come. */
export function radiusOf(facts: NasFacts, now: Date): RouterRadius {
  const { activity, secretRotatedAt, rotating } = facts;
  return {
    lastRequestAt: activity?.lastRequestAt?.toISOString() ?? null,
    state: stateOf(activity, now),
    rotation:
      rotating && secretRotatedAt !== null
        ? {
            since: secretRotatedAt.toISOString(),
            previousStillUsed: isWithin(activity?.previousUsedAt, PREVIOUS_KEPT_MS, now),
          }
        : null,
  };
}

function stateOf(activity: NasActivity | null, now: Date): RouterRadius['state'] {
  if (activity === null) return 'silent';
  const { currentUsedAt, previousUsedAt, lastMismatchAt } = activity;
  const provenMs = Math.max(currentUsedAt?.getTime() ?? 0, previousUsedAt?.getTime() ?? 0);
  if (lastMismatchAt !== null && lastMismatchAt.getTime() > provenMs) return 'secret_mismatch';
  if (isWithin(activity.lastThrottledAt, THROTTLED_FOR_MS, now)) return 'throttled';
  return isWithin(activity.lastRequestAt, SILENT_AFTER_MS, now) ? 'ok' : 'silent';
}

function isWithin(at: Date | null | undefined, spanMs: number, now: Date): boolean {
  return at !== null && at !== undefined && now.getTime() - at.getTime() < spanMs;
}
