import * as contract from '@turnpike/contracts/operations.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { publicRoute, route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { CacheService } from './cache.service.js';
import type { HealthService } from './health.service.js';
import type { QueuesService } from './queues.service.js';

interface Deps {
  readonly health: HealthService;
  readonly queues: QueuesService;
  readonly cache: CacheService;
}

export function operationRoutes({ health, queues, cache }: Deps): RouteBinding[] {
  return [
    publicRoute(contract.getLiveness, async () => ({ status: 'ok' as const })),
    publicRoute(contract.getReadiness, async () => {
      await health.assertReady();
      return { status: 'ok' as const };
    }),
    route(contract.getHealth, () => health.check()),
    route(contract.getQueues, async () => ({ items: [...(await queues.counts())] })),
    route(contract.listQueueJobs, ({ params, query }) => queues.jobs(params.name, query)),
    route(contract.retryQueueJob, async ({ params, ...call }) => {
      await queues.retry(params.name, params.id, changeContext(call));
      return { id: params.id };
    }),
    route(contract.removeQueueJob, ({ params, ...call }) => queues.remove(params.name, params.id, changeContext(call))),
    route(contract.getCacheStats, () => cache.stats()),
    route(contract.invalidateCache, ({ actor, requestId }) => cache.invalidate(actor, requestId)),
  ];
}
