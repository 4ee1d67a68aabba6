import type { PackageView } from '@turnpike/contracts/packages.js';
import type { PackageRow } from './package.store.js';
import { termsOf } from './sold-terms.js';

export function packageView(row: PackageRow): PackageView {
  return {
    id: row.id,
    name: row.name,
    priceMinor: row.priceMinor,
    currency: row.currency,
    validForSeconds: row.validForSeconds,
    ...termsOf(row),
    active: row.active,
    createdAt: row.createdAt.toISOString(),
  };
}
