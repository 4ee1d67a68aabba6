import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db, Transact } from '@turnpike/db/database.js';
import { currentLease, takeLease, type Lease } from '../routers/router-lease.store.js';
import { countAttempt, findRun, type RunRow } from './provisioning.store.js';
import { isFinished } from './run-states.js';
import type { RunTiming } from './run-timing.js';

export interface ClaimedRun {
  readonly run: RunRow;
  readonly token: bigint;
}

export interface ClaimDeps {
  readonly db: Db;
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
    const run = await findRun(deps.db, runId);
    if (run === null || isFinished(run.state)) return undefined;
    const lease = await currentLease(deps.db, run.routerId);
    if (mayTake(lease, runId, deps.timing)) {
      const claimed = await take(deps, run);
      if (claimed !== undefined) return claimed;
    }
    await delay(deps.timing.leasePollMs, undefined, { signal });
  }
}

function mayTake(lease: Lease | undefined, runId: string, timing: RunTiming): boolean {
  if (lease === undefined || lease.remainingMs <= 0) return true;
  const sinceRenewalMs = timing.leaseTtlMs - lease.remainingMs;
  return lease.holder === runId && sinceRenewalMs > timing.leaseRenewMs + timing.leaseGraceMs;
}

async function take(deps: ClaimDeps, run: RunRow): Promise<ClaimedRun | undefined> {
  return deps.transact(async (tx) => {
    const lease = await takeLease(tx, run.routerId, run.id, deps.timing.leaseTtlMs);
    if (lease === undefined) return undefined;
    // Looking again whether somebody has pressed the button is not an attempt.
    if (run.state === 'waiting_for_operator') return { run, token: lease.token };
    const counted = await countAttempt(tx, run.id, deps.clock.now());
    return counted === null ? undefined : { run: counted, token: lease.token };
  });
}
