import * as endpoints from '@turnpike/contracts/packages.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { PackagesService } from './packages.service.js';

export function packageRoutes({ packages }: { packages: PackagesService }): RouteBinding[] {
  return [
    route(endpoints.listPackages, ({ query }) => packages.list(query)),
    route(endpoints.createPackage, (call) => packages.create(call.body, changeContext(call))),
    route(endpoints.getPackage, ({ params }) => packages.get(params.id)),
    route(endpoints.updatePackage, (call) => packages.update(call.params.id, call.body, changeContext(call))),
    route(endpoints.deletePackage, async (call) => {
      await packages.remove(call.params.id, changeContext(call));
    }),
  ];
}
