import type { Tx } from '@turnpike/db/database.js';
import { findExistingRouterIds, listRouterIdsAt } from './router.store.js';

/** For other features: those of `ids` that are the id of no router. */
export async function unknownRouters(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const known = new Set(await findExistingRouterIds(tx, ids));
  return ids.filter((id) => !known.has(id));
}

/** For other features: ids of the routers that stand at one of these sites. */
export function routerIdsAt(tx: Tx, sites: readonly string[]): Promise<string[]> {
  return listRouterIdsAt(tx, sites);
}
