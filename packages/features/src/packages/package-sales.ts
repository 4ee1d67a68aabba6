import type { PackageSales } from '@turnpike/contracts/packages.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import { countSales } from './package-sales.store.js';

interface Deps {
  readonly db: Db;
  readonly cache: Pick<Cache, 'getOrSet'>;
  readonly clock: Clock;
}

/** How the packages sell, by id. */
export type ReadSales = () => Promise<(packageId: string) => NonNullable<PackageSales>>;

const KEPT_MS = 60_000;
const LATELY_MS = 30 * 86_400_000;
const NONE = { last30Days: 0, activeNow: 0 };

/** Counted for all packages together, once a minute at most however many ask. */
export function createSalesReader({ db, cache, clock }: Deps): ReadSales {
  return async () => {
    const rows = await cache.getOrSet('packages:sales', { ttlMs: KEPT_MS }, () => {
      const now = clock.now();
      return countSales(db, new Date(now.getTime() - LATELY_MS), now);
    });
    const sales = new Map(rows.map(({ packageId, ...sold }) => [packageId, sold]));
    return (packageId) => sales.get(packageId) ?? NONE;
  };
}
