import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@turnpike/core/clock.js';
import type { Transact, Tx } from '@turnpike/db/database.js';
import { currentLease, takeLease, type Lease } from '../routers/router-lease.js';
import { countAttempt, lockRun, type RunRow } from './provisioning.store.js';
import { isFinished } from './run-states.js';
import type { RunTiming } from './run-timing.js';

export interface ClaimedRun {
  readonly run: RunRow;
  readonly token: bigint;
}

export interface ClaimDeps {
  readonly transact: Transact;
  readonly clock: Clock;
  readonly timing: RunTiming;
}

/**
 * Takes the lease of the run's router, waiting while somebody alive has it. undefined: there is nothing (left) to do.
 * A job may be delivered twice: the second waits until the first has finished, or takes over when it has died.
 */
export async function claimRun(deps: ClaimDeps, runId: string, signal: AbortSignal): Promise<ClaimedRun | undefined> {
  for (;;) {
    const outcome = await deps.transact(async (tx) => tryToClaim(tx, deps, runId));
    if (outcome !== 'held') return outcome;
    await delay(deps.timing.leasePollMs, undefined, { signal });
  }
}

/** Under a lock on the run: of several deliveries that come at once, one sees a free lease and the others a living one. */
async function tryToClaim(
  tx: Tx,
  { clock, timing }: ClaimDeps,
  runId: string,
): Promise<ClaimedRun | undefined | 'held'> {
  const run = await lockRun(tx, runId);
  if (run === null || isFinished(run.state)) return undefined;
  if (!mayTake(await currentLease(tx, run.routerId), runId, timing)) return 'held';
  const lease = await takeLease(tx, run.routerId, run.id, timing.leaseTtlMs);
  if (lease === undefined) return 'held';
  // Looking again whether somebody has pressed the button is not an attempt.
  if (run.state === 'waiting_for_operator') return { run, token: lease.token };
  return { run: await countAttempt(tx, run, clock.now()), token: lease.token };
}

function mayTake(lease: Lease | undefined, runId: string, timing: RunTiming): boolean {
  if (lease === undefined || lease.remainingMs <= 0) return true;
  const sinceRenewalMs = timing.leaseTtlMs - lease.remainingMs;
  return lease.holder === runId && sinceRenewalMs > timing.leaseRenewMs + timing.leaseGraceMs;
}
