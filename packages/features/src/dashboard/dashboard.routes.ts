import { getDashboardSeries, getDashboardStats } from '@turnpike/contracts/dashboard.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { DashboardService } from './dashboard.service.js';

export function dashboardRoutes({ dashboard }: { dashboard: DashboardService }): RouteBinding[] {
  return [
    route(getDashboardStats, ({ actor }) => dashboard.stats(actor.sites)),
    route(getDashboardSeries, ({ query }) => dashboard.series(query.days)),
  ];
}
