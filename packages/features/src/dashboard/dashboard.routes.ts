import { getDashboardSeries, getDashboardStats } from '@turnpike/contracts/dashboard.js';
import { keptRoute, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { CACHED_MS } from '../caching/cached-reads.js';
import type { DashboardService } from './dashboard.service.js';

/** Cached by the service too: together no answer is older than a half more. */
const LIVE = { tags: ['dashboard'], ttlMs: CACHED_MS.dashboardLive / 2 };
const SERIES = { tags: ['dashboard'], ttlMs: CACHED_MS.dashboardSeries / 2 };

export function dashboardRoutes({ dashboard }: { dashboard: DashboardService }): RouteBinding[] {
  return [
    keptRoute(
      getDashboardStats,
      ({ rights }) => (rights.sites === null ? LIVE : undefined),
      ({ rights }) => dashboard.stats(rights.sites),
    ),
    keptRoute(
      getDashboardSeries,
      () => SERIES,
      ({ query }) => dashboard.series(query.days),
    ),
  ];
}
