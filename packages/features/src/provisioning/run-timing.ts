import type { Backoff } from '@turnpike/core/backoff.js';

/** All times of a provisioning run, ms. */
export interface RunTiming {
  /** A lease that is not renewed for so long is anybody's. */
  readonly leaseTtlMs: number;
  readonly leaseRenewMs: number;
  /** A holder whose last renewal is overdue by so long has died, or is as good as dead. */
  readonly leaseGraceMs: number;
  /** How often a worker looks whether a lease that another holds has become free. */
  readonly leasePollMs: number;
  /** How long a router may be out of reach before anything was changed on it. */
  readonly firstContactMs: number;
  /** How long it may be out of reach later: long enough for a restart. */
  readonly midRunMs: number;
  readonly reconnect: Backoff;
  /** Runs that do not move for so long have lost their job. */
  readonly lostAfter: { readonly queuedMs: number; readonly activeMs: number; readonly waitingMs: number };
}

export const defaultTiming: RunTiming = {
  leaseTtlMs: 10_000,
  leaseRenewMs: 3_000,
  leaseGraceMs: 1_000,
  leasePollMs: 500,
  firstContactMs: 15_000,
  midRunMs: 150_000,
  reconnect: { firstMs: 100, factor: 2, maxMs: 5_000, jitter: 0.3 },
  lostAfter: { queuedMs: 15_000, activeMs: 20_000, waitingMs: 30_000 },
};
