import type { Clock } from '@turnpike/core/clock.js';
import type { Tx } from '@turnpike/db/database.js';
import type { CustomersService } from '../customers/customers.service.js';
import type { Offer } from '../packages/offer.js';
import { changeLimits } from '../sessions/limits-changer.js';
import { endSessions } from '../sessions/session-ender.js';
import { ENTITLEMENT_MOVES } from './entitlement-states.js';
import { lockEntitlement, updateEntitlementRow, type EntitlementRow } from './entitlement.store.js';
import { isUsedUp } from './left.js';

export interface TakeBackDeps {
  readonly customers: Pick<CustomersService, 'touch'>;
  readonly clock: Clock;
}

export interface TakeBack {
  readonly customerId: string;
  readonly entitlementId: string;
  /** What was bought with the money that is given back. */
  readonly offer: Offer;
  /** True when other payments bought part of the same access: only this part goes. */
  readonly isShared: boolean;
  readonly actor: string;
}

/**
 * Takes back what a payment gave, in the caller's transaction: all of the access, or its share of what several payments gave.
 * What is over already stays as it is. Locks customer, sessions and entitlement in this order, as everybody does.
 */
export async function takeBackOffer(tx: Tx, { customers, clock }: TakeBackDeps, order: TakeBack): Promise<void> {
  const { customerId, entitlementId, isShared, actor } = order;
  await customers.touch(tx, customerId);
  if (!isShared) await endSessions(tx, { entitlementId, reason: 'access refunded', actor });
  const row = await lockEntitlement(tx, entitlementId);
  if (row === null || !ENTITLEMENT_MOVES[row.state].includes('refunded')) return;
  if (!isShared) {
    await updateEntitlementRow(tx, entitlementId, { state: 'refunded', suspendedAt: null });
    return;
  }
  await updateEntitlementRow(tx, entitlementId, without(row, order.offer, clock.now()));
  if (row.state === 'active') await changeLimits(tx, { entitlementId, reason: 'a part was refunded', actor });
}

/** Never ends before now, and never has fewer than none: what was used is not given back. With nothing left it is over now. */
function without(row: EntitlementRow, { validForSeconds, terms }: Offer, now: Date) {
  const counts = {
    quotaOctets: less(row.quotaOctets, terms.quotaOctets === null ? null : BigInt(terms.quotaOctets)),
    onlineSeconds: less(row.onlineSeconds, terms.onlineSeconds === null ? null : BigInt(terms.onlineSeconds)),
  };
  if (row.validForSeconds !== null) {
    return { ...counts, validForSeconds: Math.max(1, row.validForSeconds - validForSeconds) };
  }
  // Time stands still for what is suspended, and has not begun for what waits in line.
  const soonest = row.suspendedAt ?? (row.startsAt > now ? row.startsAt : now);
  const endsAt = isUsedUp({ ...row, ...counts }) ? 0 : row.endsAt.getTime() - validForSeconds * 1_000;
  return { ...counts, endsAt: new Date(Math.max(soonest.getTime(), endsAt)) };
}

function less(has: bigint | null, part: bigint | null): bigint | null {
  if (has === null || part === null) return has;
  return has > part ? has - part : 0n;
}
