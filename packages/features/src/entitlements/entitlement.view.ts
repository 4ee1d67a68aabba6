import type { EntitlementView } from '@turnpike/contracts/customers.js';
import { termsOf } from '../packages/sold-terms.js';
import type { EntitlementRow } from './entitlement.store.js';

export function entitlementView(row: EntitlementRow): EntitlementView {
  return {
    id: row.id,
    customerId: row.customerId,
    packageId: row.packageId,
    packageName: row.packageName,
    state: row.state,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    usedOctets: row.usedOctets.toString(),
    usedSeconds: row.usedSeconds.toString(),
    ...termsOf(row),
  };
}
