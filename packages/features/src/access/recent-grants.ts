import type { Clock } from '@turnpike/core/clock.js';

/** Whom this process let in during the last seconds: until the NAS has told of the session, nobody else knows. */
export interface RecentGrants {
  /** False when it was known already. */
  note(entitlementId: string, device: string): boolean;
  forget(entitlementId: string, device: string): void;
  devicesOf(entitlementId: string): string[];
}

/** Long enough for a Start to come and to be taken in. */
const GENERATION_MS = 5_000;

/** Keeps what is younger than five seconds and nothing older than ten. */
export function createRecentGrants(clock: Clock): RecentGrants {
  let young = new Map<string, string[]>();
  let old = new Map<string, string[]>();
  let sinceMs = clock.monotonicMs();

  function turn(): void {
    const nowMs = clock.monotonicMs();
    if (nowMs - sinceMs < GENERATION_MS) return;
    old = nowMs - sinceMs < 2 * GENERATION_MS ? young : new Map<string, string[]>();
    young = new Map();
    sinceMs = nowMs;
  }

  return {
    note(entitlementId, device) {
      turn();
      const devices = young.get(entitlementId);
      if (devices?.includes(device) === true) return false;
      if (devices === undefined) young.set(entitlementId, [device]);
      else devices.push(device);
      return old.get(entitlementId)?.includes(device) !== true;
    },
    forget(entitlementId, device) {
      for (const generation of [young, old]) {
        const devices = generation.get(entitlementId);
        if (devices?.includes(device) === true)
          generation.set(
            entitlementId,
            devices.filter((each) => each !== device),
          );
      }
    },
    devicesOf(entitlementId) {
      turn();
      return [...new Set([...(young.get(entitlementId) ?? []), ...(old.get(entitlementId) ?? [])])];
    },
  };
}
