import type { Db } from '@turnpike/db/database.js';
import { LeaseLostError, releaseLease, renewLease } from '../routers/router-lease.js';
import type { RunTiming } from './run-timing.js';

export interface LeaseKeeper {
  /** Aborts with a LeaseLostError as soon as it is known that another worker has taken the lease. */
  readonly signal: AbortSignal;
  /** Ends the renewing and gives the lease back. */
  release(): Promise<void>;
}

/** Renews a lease in the background for as long as the work under it goes on. */
export function keepLease(db: Db, routerId: string, token: bigint, timing: RunTiming): LeaseKeeper {
  const controller = new AbortController();
  let renewing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew();
  }, timing.leaseRenewMs);

  async function renew(): Promise<void> {
    try {
      const kept = await renewLease(db, routerId, token, timing.leaseTtlMs);
      if (!kept) controller.abort(new LeaseLostError('the lease of the router was taken by another worker'));
    } catch {
      // A database that does not answer gives the lease to nobody else either; every write proves the token anyway.
    }
  }

  return {
    signal: controller.signal,
    release: async () => {
      clearInterval(timer);
      await renewing;
      await releaseLease(db, routerId, token).catch(() => undefined);
    },
  };
}
