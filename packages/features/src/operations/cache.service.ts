import type { Transact } from '@turnpike/db/database.js';
import type { Cache, CacheStats } from '@turnpike/runtime/cache.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { appendAudit } from '../audit/audit.store.js';

export interface CacheService {
  stats(): Promise<CacheStats>;
  /** Empties the cache of every process. */
  invalidate(by: Actor, requestId: string): Promise<void>;
}

interface Deps {
  readonly cache: Pick<Cache, 'stats' | 'clear'>;
  readonly transact: Transact;
}

export function createCacheService({ cache, transact }: Deps): CacheService {
  return {
    stats: () => cache.stats(),
    invalidate: async (by, requestId) => {
      const action = 'cache.invalidated';
      await transact((tx) =>
        appendAudit(tx, { actor: by.id, action, subjectType: 'cache', subjectId: 'all', requestId }),
      );
      await cache.clear();
    },
  };
}
