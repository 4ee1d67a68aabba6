import * as endpoints from '@turnpike/contracts/routers.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { publicRoute, route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { SecretRotation } from '../nas/secret-rotation.js';
import { refuseForeignSite } from './router-site.policy.js';
import type { RouterReads } from './router-reads.js';
import type { RoutersService } from './routers.service.js';

interface RouterRoutesDeps {
  readonly routers: RoutersService;
  readonly reads: RouterReads;
  readonly rotation: SecretRotation;
}

/** `reads` reaches the routers through a worker: this process never dials one. */
export function routerRoutes({ routers, reads, rotation }: RouterRoutesDeps): RouteBinding[] {
  return [
    route(endpoints.listRouters, ({ query, actor }) => routers.list({ ...query, sites: actor.sites })),
    route(endpoints.createRouter, async (call) => {
      refuseForeignSite(call.actor.sites, call.body.site);
      return routers.create(call.body, changeContext(call));
    }),
    route(endpoints.getRouter, ({ params }) => routers.get(params.id)),
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
