import { assertNever } from '@turnpike/core/assert-never.js';
import { currentTraceparent } from '@turnpike/core/traceparent.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Tx } from '@turnpike/db/database.js';
import type { CustomersService } from '../customers/customers.service.js';
import type { Offer } from '../packages/offer.js';
import { packagePrices } from '../packages/package-price.js';
import { changeLimits } from '../sessions/limits-changer.js';
import { endSessions } from '../sessions/session-ender.js';
import { LATEST_END, startEntitlement } from './entitlement-start.js';
import {
  beginDueOf,
  listRunningRows,
  lockEntitlement,
  lockExtendable,
  updateEntitlementRow,
  type EntitlementRow,
} from './entitlement.store.js';
import { extensionOf } from './extension.js';
import { busyUntil, delayQueued } from './queue-order.js';
import { carriedOverSeconds, MOST_SECONDS } from './upgrade.js';

export interface GiveDeps {
  readonly customers: Pick<CustomersService, 'touch'>;
  readonly clock: Clock;
}

export interface Gift {
  readonly customerId: string;
  readonly offer: Offer;
  /** Operator id, `voucher` or `system`. */
  readonly grantedBy: string;
  readonly paymentId?: string | undefined;
}

/**
 * Gives a customer what was offered, in the caller's transaction, which wakes the outbox relay afterwards. The customer is
 * locked first: of two purchases at once one follows the other. What runs already is treated as the offer says; where that
 * cannot be done (more than can be counted) the new one runs beside it, so that nobody pays for nothing. Gives the entitlement
 * that has become of it. Throws `not_found` for an unknown customer.
 */
export async function giveOffer(tx: Tx, { customers, clock }: GiveDeps, gift: Gift): Promise<EntitlementRow> {
  await customers.touch(tx, gift.customerId);
  const now = clock.now();
  await beginDueOf(tx, gift.customerId, now);
  const { onRepeat } = gift.offer;
  switch (onRepeat) {
    case 'extend':
      return extend(tx, gift, now);
    case 'queue':
      return queue(tx, gift, now);
    case 'upgrade':
      return upgrade(tx, gift, now);
    case 'stack':
      return begin(tx, gift, now);
    default:
      return assertNever(onRepeat);
  }
}

function begin(tx: Tx, { offer, ...gift }: Gift, startsAt: Date, more: { queued?: boolean } = {}) {
  const { packageId, packageName, terms, validForSeconds, validFrom } = offer;
  return startEntitlement(tx, {
    ...gift,
    packageId,
    packageName,
    terms,
    validForSeconds,
    validFrom,
    startsAt,
    ...more,
  });
}

async function extend(tx: Tx, gift: Gift, now: Date): Promise<EntitlementRow> {
  const { customerId, offer, grantedBy } = gift;
  const running = await lockExtendable(tx, customerId, offer.packageId, now);
  const extension = running === null ? undefined : extensionOf(running, offer);
  if (running === null || extension === undefined) return begin(tx, gift, now);
  // What comes of it from now on is told in the trace of the latest purchase.
  const traceparent = currentTraceparent() ?? running.traceparent;
  const extended = await updateEntitlementRow(tx, running.id, { ...extension, traceparent });
  if (extended.state === 'active') {
    await delayQueued(tx, customerId, extended.type, now);
    await changeLimits(tx, { entitlementId: extended.id, reason: 'more was bought', actor: grantedBy });
  }
  return extended;
}

async function queue(tx: Tx, gift: Gift, now: Date): Promise<EntitlementRow> {
  const { customerId, offer } = gift;
  const startsAt = await busyUntil(tx, customerId, offer.terms.type, now);
  const fits = startsAt !== undefined && startsAt.getTime() + offer.validForSeconds * 1000 <= LATEST_END.getTime();
  return fits ? begin(tx, gift, startsAt, { queued: true }) : begin(tx, gift, now);
}

/** All that run make way: one left, slower but ending sooner, would be the one that logins are on. */
async function upgrade(tx: Tx, gift: Gift, now: Date): Promise<EntitlementRow> {
  const { customerId, offer, grantedBy } = gift;
  const replaced = await endReplaced(tx, gift, now);
  const prices = await packagePrices(tx, [...new Set(replaced.map((row) => row.packageId))]);
  const carried = replaced.reduce((sum, entitlement) => {
    const price = prices.get(entitlement.packageId);
    return price === undefined ? sum : sum + carriedOverSeconds({ entitlement, price }, offer, now);
  }, 0n);
  const seconds = BigInt(offer.validForSeconds) + carried;
  const validForSeconds = seconds > BigInt(MOST_SECONDS) ? MOST_SECONDS : Number(seconds);
  const given = await begin(tx, { ...gift, offer: { ...offer, validForSeconds }, grantedBy }, now);
  await delayQueued(tx, customerId, offer.terms.type, now);
  return given;
}

/** As they were before. Their sessions end, as each names its entitlement; with a MAC cookie the device is back at once. */
async function endReplaced(tx: Tx, { customerId, offer, grantedBy }: Gift, now: Date): Promise<EntitlementRow[]> {
  const running = await listRunningRows(tx, customerId, offer.terms.type, now);
  const entitlementIds = running.map((row) => row.id);
  // Sessions before entitlements, as everywhere.
  await endSessions(tx, { entitlementIds, reason: 'another package takes its place', actor: grantedBy });
  const replaced: EntitlementRow[] = [];
  for (const id of entitlementIds) {
    const row = await lockEntitlement(tx, id);
    // Accounting may have ended it meanwhile.
    if (row?.state !== 'active') continue;
    replaced.push(row);
    await updateEntitlementRow(tx, id, { state: 'expired', endsAt: now });
  }
  return replaced;
}
