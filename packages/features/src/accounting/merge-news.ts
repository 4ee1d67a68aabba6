import { messageOf } from '@turnpike/core/app-error.js';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { DeviceLeases, FollowedClaim } from '../access/device-lease.js';
import type { MergeResult } from './accounting-merge.js';
import type { SessionChange } from './session-merging.js';

export interface MergeNewsOptions {
  readonly leases: Pick<DeviceLeases, 'follow' | 'noteUsages'>;
  readonly live: { publish(event: LiveEvent): unknown };
  /** Tells the outbox relay that there may be work. */
  readonly wake: () => void;
  readonly logger: Logger;
}

export interface MergeNews {
  /** Tells what a committed merge has changed. */
  tell(result: MergeResult): void;
  /** Resolves when all that was told has arrived or failed. */
  settled(): Promise<void>;
}

/** Leases of devices and known usage follow the ledger; screens are told of sessions that open and close. */
export function createMergeNews({ leases, live, wake, logger }: MergeNewsOptions): MergeNews {
  const telling = new Set<Promise<void>>();

  // A lease that could not be written runs out, or is taken again by the next interim update.
  function quietly(work: Promise<void>): void {
    const settled = work
      .catch((error: unknown) => logger.debug({ reason: messageOf(error) }, 'a device lease could not be written'))
      .finally(() => telling.delete(settled));
    telling.add(settled);
  }

  return {
    tell({ changes, usages }) {
      wake();
      quietly(leases.follow(changes.flatMap(claimOf)));
      quietly(leases.noteUsages(usages));
      for (const { id: sessionId, username, state, stateChanged } of changes) {
        if (stateChanged) void live.publish({ type: 'session', sessionId, username, state });
      }
    },
    async settled() {
      await Promise.all(telling);
    },
  };
}

function claimOf({ entitlementId, callingStationId, key, state }: SessionChange): FollowedClaim[] {
  if (entitlementId === null || state === 'stale') return [];
  return [{ entitlementId, device: callingStationId ?? key, sessionKey: key, ended: state === 'closed' }];
}
