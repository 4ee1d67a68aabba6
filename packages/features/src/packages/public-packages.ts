import type { Tx } from '@turnpike/db/database.js';
import { listPublicRows, type PackageRow } from './package.store.js';

export type PublicPackage = PackageRow;

/** The tag under which what is cached of packages is forgotten when one changes. */
export const PACKAGES_TAG = 'packages';

const MOST = 100;

/** For other features: hotspot packages on sale to everybody, cheapest first; wherever they are valid. */
export async function publicHotspotPackages(tx: Tx): Promise<PublicPackage[]> {
  return listPublicRows(tx, 'hotspot', MOST);
}
