import type { Clock } from '@turnpike/core/clock.js';
import type { Sql } from '@turnpike/db/sql.js';
import type { Breaker } from './breaker.js';
import { claimPlace } from './device-claim.store.js';
import type { DeviceLeases, LeaseAnswer, LeaseClaim, PlaceClaim } from './device-lease.js';
import { createRecentGrants } from './recent-grants.js';

/** Takes places of devices, whichever store can count. */
export interface PlaceTaker {
  /** Rejects when neither store can. */
  take(claim: PlaceClaim): Promise<LeaseAnswer>;
  /** Gives a place back that was taken for nothing. */
  giveBack(claim: LeaseClaim): void;
}

export interface PlaceTakerOptions {
  readonly leases: DeviceLeases;
  /** How long a place taken in PostgreSQL is held, ms; as long as a lease. */
  readonly leaseMs: number;
  readonly breaker: Breaker;
  readonly db: Sql;
  readonly clock: Clock;
}

/** Something Redis must be told once it is back. */
interface Debt {
  readonly claim: LeaseClaim;
  readonly kind: 'renew' | 'release';
}

const NO_DEBTS: readonly Debt[] = [];

/** Entitlements with debts; beyond that the newest are forgotten, and accounting tells Redis of them in time. */
const MOST_DEBTORS = 20_000;
/** Entitlements that are settled along with each lease that goes well, so that a Redis just back is not run over. */
const DEBTORS_AT_ONCE = 5;

/**
 * Redis counts; while it does not answer in time, PostgreSQL does. For the limit to hold across the change each must know what
 * the other gives: PostgreSQL is told whom this process has let in, or is about to, before the NAS could tell of it; Redis
 * is told whom PostgreSQL let in before it counts again, and to free what a lease that came too late may have taken all the
 * same. Processes that lose Redis at different moments may each give a place in these seconds.
 */
export function createPlaceTaker({ leases, leaseMs, breaker, db, clock }: PlaceTakerOptions): PlaceTaker {
  const recent = createRecentGrants(clock);
  const debts = new Map<string, Map<string, Debt>>();
  /** Entitlements that PostgreSQL is counting for just now; Redis must not count meanwhile. */
  const counting = new Map<string, Promise<unknown>>();

  return {
    async take(claim) {
      const { entitlementId, device } = claim;
      for (let other = counting.get(entitlementId); other !== undefined; other = counting.get(entitlementId)) {
        await other.catch(() => undefined);
      }
      // Noted before it is known, as PostgreSQL may be asked meanwhile.
      const isNews = recent.note(entitlementId, device);
      const answer = await takeInRedis(claim).catch(() => undefined);
      if (isNews && answer?.outcome !== 'granted') recent.forget(entitlementId, device);
      return answer ?? takeInPostgres(claim);
    },
    giveBack(claim) {
      recent.forget(claim.entitlementId, claim.device);
      breaker.run(() => leases.release(claim)).catch(() => owe({ claim, kind: 'release' }));
    },
  };

  async function takeInRedis(claim: PlaceClaim): Promise<LeaseAnswer> {
    const owed = debtsOf(claim.entitlementId);
    const answer = await breaker.run(async () => {
      // Redis must know before it counts.
      if (owed.length > 0) await tell(owed);
      return leases.take(claim);
    });
    if (debts.size > 0) settleSome();
    return answer;
  }

  function takeInPostgres(claim: PlaceClaim): Promise<LeaseAnswer> {
    const { entitlementId } = claim;
    const before = counting.get(entitlementId) ?? Promise.resolve();
    const work = before.catch(() => undefined).then(() => countInPostgres(claim));
    counting.set(entitlementId, work);
    return work.finally(() => {
      if (counting.get(entitlementId) === work) counting.delete(entitlementId);
    });
  }

  async function countInPostgres(claim: PlaceClaim): Promise<LeaseAnswer> {
    const answer = await claimPlace(db, claim, { leaseMs, alsoHeld: recent.devicesOf(claim.entitlementId) });
    owe({ claim, kind: answer.outcome === 'granted' ? 'renew' : 'release' });
    return answer;
  }

  function owe(debt: Debt): void {
    const { entitlementId, device } = debt.claim;
    const owed = debts.get(entitlementId);
    if (owed !== undefined) owed.set(device, debt);
    else if (debts.size < MOST_DEBTORS) debts.set(entitlementId, new Map([[device, debt]]));
  }

  function debtsOf(entitlementId: string): readonly Debt[] {
    const owed = debts.size === 0 ? undefined : debts.get(entitlementId);
    return owed === undefined ? NO_DEBTS : [...owed.values()];
  }

  /** A debt stays until Redis has said that it knows. */
  async function tell(owed: readonly Debt[]): Promise<void> {
    await Promise.all(owed.map((debt) => leases[debt.kind](debt.claim)));
    for (const debt of owed) {
      const { entitlementId, device } = debt.claim;
      const left = debts.get(entitlementId);
      if (left?.get(device) === debt) left.delete(device);
      if (left?.size === 0) debts.delete(entitlementId);
    }
  }

  function settleSome(): void {
    let left = DEBTORS_AT_ONCE;
    for (const entitlementId of debts.keys()) {
      if (left === 0) return;
      left -= 1;
      breaker.run(() => tell(debtsOf(entitlementId))).catch(() => undefined);
    }
  }
}
