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
    validFrom: row.validFrom,
    onRepeat: row.onRepeat,
    visibility: row.visibility,
    description: row.description,
    active: row.active,
    archivedAt: row.archivedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
