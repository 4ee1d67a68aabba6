import type { Clock } from '@turnpike/core/clock.js';
import type { Tx } from '@turnpike/db/database.js';
import { touchCustomer } from '../customers/touch-customer.js';
import { startEntitlement } from '../entitlements/entitlement-start.js';
import { giveOffer } from '../entitlements/give.js';
import type { VoucherOffer } from './voucher-terms.js';

export interface VoucherTime {
  readonly customerId: string;
  /** Just made for the code in this transaction: has nothing yet that this could add to, and RADIUS will be told of it. */
  readonly isNew: boolean;
  readonly offer: VoucherOffer;
}

/** Gives a customer what a code is worth, as the package says for who has some already; gives the id of the entitlement. */
export async function giveVoucherTime(
  tx: Tx,
  clock: Clock,
  { customerId, isNew, offer: { priceMinor, currency, ...offer } }: VoucherTime,
): Promise<string> {
  if (isNew) {
    const { id } = await startEntitlement(tx, { ...offer, customerId, startsAt: clock.now(), grantedBy: 'voucher' });
    return id;
  }
  const gift = { ...offer, priceMinor: priceMinor ?? 0, currency: currency ?? NO_CURRENCY };
  const deps = { customers: { touch: touchCustomer }, clock };
  const { id } = await giveOffer(tx, deps, { customerId, offer: gift, grantedBy: 'voucher' });
  return id;
}

/** ISO 4217 for no currency: of codes made before prices were kept with them. */
const NO_CURRENCY = 'XXX';
