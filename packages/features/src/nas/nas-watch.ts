import type { Clock } from '@turnpike/core/clock.js';
import { CODE } from '@turnpike/radius/attributes.js';
import type { NasProfile } from '@turnpike/radius/nas-profile.js';
import type { DropReason, RadiusObserver } from '@turnpike/radius/radius-observer.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { ForgeryWatch } from './forgery-watch.js';
import type { NasActivity } from './nas-activity.js';
import type { NasDirectory } from './nas-directory.js';

export interface NasWatch extends Pick<RadiusObserver, 'verified' | 'dropped'> {
  stop(): void;
}

export interface NasWatchDeps {
  readonly nases: NasDirectory;
  readonly activity: NasActivity;
  readonly forgeries: ForgeryWatch;
  /** Makes every RADIUS process read the routers again. */
  readonly announce: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LOG_EVERY_MS = 10_000;
const TELL_EVERY_MS = 1_000;

/** Draws from packets what is to be known of the NASes that sent them. Costs a packet some look-ups and no waiting. */
export function createNasWatch({ nases, activity, forgeries, announce, clock, logger }: NasWatchDeps): NasWatch {
  let telling: NodeJS.Timeout | undefined;
  let toldMs = -TELL_EVERY_MS;
  let mismatches = 0;
  let loggedMs = -LOG_EVERY_MS;

  /** What changes how packets are taken must not wait for the next report, nor the other processes for their next poll. */
  function tellSoon(): void {
    if (telling !== undefined) return;
    const waitMs = Math.max(0, toldMs + TELL_EVERY_MS - clock.monotonicMs());
    telling = setTimeout(() => void tell(), waitMs);
  }

  async function tell(): Promise<void> {
    await activity.flush();
    await announce();
    await nases.refresh();
    toldMs = clock.monotonicMs();
    telling = undefined;
  }

  function mismatched(reason: DropReason, address: string): void {
    const rows = nases.rowsAt(address);
    for (const { id } of rows) {
      activity.mismatched(id);
      if (reason !== 'secret-suspect') forgeries.note(id);
    }
    // Its secret may have been rotated a moment ago, and the news of it lost.
    nases.refreshSoon();
    mismatches += 1;
    const nowMs = clock.monotonicMs();
    if (nowMs - loggedMs < LOG_EVERY_MS) return;
    const routerIds = rows.map((row) => row.id);
    logger.warn({ address, routerIds, packets: mismatches, reason }, 'RADIUS packets with a wrong secret were dropped');
    loggedMs = nowMs;
    mismatches = 0;
  }

  return {
    verified(profile: NasProfile, { secretIndex, signed, code }) {
      const proven = signed || code === CODE.ACCOUNTING_REQUEST;
      const signedAccess = signed && code === CODE.ACCESS_REQUEST;
      for (const key of nases.keysOf(profile, secretIndex)) {
        activity.used(key, { signed: signedAccess, proven });
        if (key.row.learning && signedAccess) {
          nases.learned(key.row.id);
          tellSoon();
        }
        if (proven && key.use !== key.row.inUse) tellSoon();
      }
    },
    dropped(reason, address) {
      switch (reason) {
        case 'unknown-nas':
          return nases.unknownSource(address);
        case 'authenticator-mismatch':
        case 'message-authenticator-mismatch':
        case 'secret-suspect':
          return mismatched(reason, address);
        case 'throttled':
          return nases.rowsAt(address).forEach(({ id }) => activity.throttled(id));
        default:
          return;
      }
    },
    stop() {
      clearTimeout(telling);
    },
  };
}
