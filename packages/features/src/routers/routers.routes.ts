import * as endpoints from '@turnpike/contracts/routers.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { keptRoute, publicRoute, route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { CACHED_MS } from '../caching/cached-reads.js';
import type { SecretRotation } from '../nas/secret-rotation.js';
import { refuseForeignSite } from './router-site.policy.js';
import type { RouterReads } from './router-reads.js';
import { ROUTERS_CACHE_TAG, type RoutersService } from './routers.service.js';

/** Its ages go stale by themselves, so what the service keeps is kept as bytes for a part of that time only. */
const KEPT = { tags: [ROUTERS_CACHE_TAG], ttlMs: CACHED_MS.routers / 5 };

interface RouterRoutesDeps {
  readonly routers: RoutersService;
  readonly reads: RouterReads;
  readonly rotation: SecretRotation;
}

/** `reads` reaches the routers through a worker: this process never dials one. */
export function routerRoutes({ routers, reads, rotation }: RouterRoutesDeps): RouteBinding[] {
  return [
    keptRoute(
      endpoints.listRouters,
      ({ query, rights }) => (rights.sites === null && query.q === undefined ? KEPT : undefined),
      ({ query, rights }) => routers.list({ ...query, sites: rights.sites }),
    ),
    route(endpoints.createRouter, async (call) => {
      refuseForeignSite(call.actor.sites, call.body.site);
      return routers.create(call.body, changeContext(call));
    }),
    keptRoute(
      endpoints.getRouter,
      ({ rights }) => (rights.sites === null ? KEPT : undefined),
      ({ params }) => routers.get(params.id),
    ),
    route(endpoints.updateRouter, async (call) => {
      if (call.body.site !== undefined) refuseForeignSite(call.actor.sites, call.body.site);
      return routers.update(call.params.id, call.body, changeContext(call));
    }),
    route(endpoints.deleteRouter, async (call) => {
      await routers.remove(call.params.id, changeContext(call));
    }),
    route(endpoints.rotateRadiusSecret, (call) => rotation.rotate(call.params.id, call.body, changeContext(call))),
    route(endpoints.getRouterStatus, ({ params }) => routers.status(params.id)),
    route(endpoints.getRouterBootstrapScript, async ({ params }) => ({
      bootstrapScript: await routers.bootstrapScript(params.id),
    })),
    route(endpoints.getRouterInterfaces, ({ params, signal }) => reads.interfaces(params.id, signal)),
    route(endpoints.getRouterDetails, ({ params, signal }) => reads.details(params.id, signal)),
    route(endpoints.getRouterTraffic, ({ params, signal }) => reads.traffic(params.id, signal)),
    route(endpoints.verifyConnectivity, ({ params, signal }) => reads.connectivity(params.id, signal)),
    publicRoute(endpoints.callHome, async ({ params, ip, requestId }) => {
      await routers.callHome(params.token, ip, requestId);
    }),
  ];
}
