import * as contract from '@turnpike/contracts/operations.js';
import { publicRoute, route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { CacheService } from './cache.service.js';
import type { HealthService } from './health.service.js';

export interface QueueCounts {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completed: number;
}

interface Deps {
  readonly health: HealthService;
  readonly countQueues: () => Promise<readonly QueueCounts[]>;
  readonly cache: CacheService;
}

export function operationRoutes({ health, countQueues, cache }: Deps): RouteBinding[] {
  return [
    publicRoute(contract.getLiveness, async () => ({ status: 'ok' as const })),
    publicRoute(contract.getReadiness, async () => {
      await health.assertReady();
      return { status: 'ok' as const };
    }),
    route(contract.getHealth, () => health.check()),
    route(contract.getQueues, async () => ({ items: [...(await countQueues())] })),
    route(contract.getCacheStats, () => cache.stats()),
    route(contract.invalidateCache, ({ actor, requestId }) => cache.invalidate(actor, requestId)),
  ];
}
