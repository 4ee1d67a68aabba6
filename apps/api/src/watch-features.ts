import { createCustomerSearch } from '@turnpike/features/customers/customer-search.service.js';
import { dashboardRoutes } from '@turnpike/features/dashboard/dashboard.routes.js';
import { createDashboardService } from '@turnpike/features/dashboard/dashboard.service.js';
import { createProcessRates } from '@turnpike/features/dashboard/process-rates.js';
import { createSiteReader } from '@turnpike/features/live/event-sites.js';
import { liveRoutes } from '@turnpike/features/live/live.routes.js';
import { createCacheService } from '@turnpike/features/operations/cache.service.js';
import { operationRoutes } from '@turnpike/features/operations/operations.routes.js';
import { searchRoutes } from '@turnpike/features/search/search.routes.js';
import { createSearchService } from '@turnpike/features/search/search.service.js';
import { createVoucherCodes } from '@turnpike/features/vouchers/voucher-code.js';
import type { RouteBinding } from '@turnpike/runtime/http/route.js';
import { readSamples } from '@turnpike/runtime/metrics-fanout.js';
import { listOpsTargets } from '@turnpike/runtime/ops-server.js';
import type { FeatureDeps } from './feature-routes.js';

/** What operators watch the system by: health, queues, the front page, live events, and the search over everything. */
export function watchFeatures({
  config,
  settings,
  stores,
  cache,
  live,
  health,
  queues,
  inspector,
  clock,
}: FeatureDeps): RouteBinding[] {
  const { db, transact } = stores.database;
  const codes = createVoucherCodes(config.ENCRYPTION_KEYS.map((key) => key.reveal()));
  const dashboard = createDashboardService({
    db,
    cache,
    clock,
    timeZone: () => settings.branding().timeZone,
    oldestJobSeconds: async () => {
      const since = await inspector.oldestWaitingMs();
      return since === undefined ? null : Math.max(0, Math.round((clock.now().getTime() - since) / 1_000));
    },
    rates: createProcessRates({ listTargets: () => listOpsTargets(stores.durable, clock), readSamples }),
  });
  return [
    ...operationRoutes({ health, queues, cache: createCacheService({ cache, transact }) }),
    ...dashboardRoutes({ dashboard }),
    ...liveRoutes({ live, siteOf: createSiteReader({ db, clock }) }),
    ...searchRoutes({ service: createSearchService({ db, codes, customers: createCustomerSearch({ db, codes }) }) }),
  ];
}
