import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { CustomersService } from '../customers/customers.service.js';
import { customerOfPhone, rememberDevice } from '../customers/portal-customer.js';
import { giveOffer } from '../entitlements/give.js';
import { enterMove } from '../ledger/ledger.js';
import { notify } from '../notifications/notify.js';
import type { SettlementParts } from './settlement.js';

interface Deps {
  readonly customers: Pick<CustomersService, 'touch'>;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  /** How many devices a customer may have. */
  readonly mostDevices?: number;
}

/** What the other features do when a payment succeeds. */
export function settlementParts({ customers, secretBox, clock, mostDevices }: Deps): SettlementParts {
  return {
    customerOfPhone: (tx, msisdn, language) => customerOfPhone(tx, secretBox, msisdn, language),
    giveOffer: (tx, gift) => giveOffer(tx, { customers, clock }, gift),
    rememberDevice: (tx, customerId, mac) => rememberDevice(tx, customerId, mac, mostDevices),
    notify,
    enterMove,
  };
}
