import type { Tx } from '@turnpike/db/database.js';
import { findExistingRouterIds } from './router.store.js';

/** For other features: those of `ids` that are the id of no router. */
export async function unknownRouters(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const known = new Set(await findExistingRouterIds(tx, ids));
  return ids.filter((id) => !known.has(id));
}
