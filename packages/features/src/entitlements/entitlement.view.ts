import type { EntitlementView } from '@turnpike/contracts/customers.js';
import type { EntitlementRow } from './entitlement.store.js';

export function entitlementView(row: EntitlementRow): EntitlementView {
  return {
    id: row.id,
    customerId: row.customerId,
    packageId: row.packageId,
    packageName: row.packageName,
    type: row.type,
    state: row.state,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    downKbps: row.downKbps,
    upKbps: row.upKbps,
    quotaOctets: row.quotaOctets?.toString() ?? null,
    usedOctets: row.usedOctets.toString(),
    usedSeconds: row.usedSeconds.toString(),
    devices: row.devices,
  };
}
