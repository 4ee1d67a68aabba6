import type { PackageView } from '@turnpike/contracts/packages.js';
import type { PackageRow } from './package.store.js';

export function packageView(row: PackageRow): PackageView {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    priceMinor: row.priceMinor,
    currency: row.currency,
    validForSeconds: row.validForSeconds,
    downKbps: row.downKbps,
    upKbps: row.upKbps,
    quotaOctets: row.quotaOctets?.toString() ?? null,
    devices: row.devices,
    active: row.active,
    createdAt: row.createdAt.toISOString(),
  };
}
