import type { EntitlementView, EntitlementWithLeft } from '@turnpike/contracts/customers.js';
import { termsOf } from '../packages/sold-terms.js';
import type { EntitlementRow } from './entitlement.store.js';
import { leftOf } from './left.js';

export function entitlementView(row: EntitlementRow): EntitlementView {
  return {
    id: row.id,
    customerId: row.customerId,
    packageId: row.packageId,
    packageName: row.packageName,
    state: row.state,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    validFrom: row.validFrom,
    validForSeconds: row.validForSeconds,
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    usedOctets: row.usedOctets.toString(),
    usedSeconds: row.usedSeconds.toString(),
    ...termsOf(row),
  };
}

/** `devicesOnline`: how many use it now. */
export function entitlementWithLeft(row: EntitlementRow, devicesOnline: number, now: Date): EntitlementWithLeft {
  const { octets, ...left } = leftOf(row, { devicesOnline }, now);
  return { ...entitlementView(row), left: { ...left, octets: octets?.toString() ?? null } };
}
