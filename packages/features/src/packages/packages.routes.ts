import * as endpoints from '@turnpike/contracts/packages.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { PackagesService } from './packages.service.js';

export function packageRoutes({ packages }: { packages: PackagesService }): RouteBinding[] {
  return [
    route(endpoints.listPackages, ({ query, actor }) => packages.list({ ...query, sites: actor.sites })),
    route(endpoints.createPackage, (call) => packages.create(call.body, changeContext(call))),
    route(endpoints.getPackage, ({ params }) => packages.get(params.id)),
    route(endpoints.updatePackage, (call) => packages.update(call.params.id, call.body, changeContext(call))),
    route(endpoints.duplicatePackage, (call) => packages.duplicate(call.params.id, call.body, changeContext(call))),
    route(endpoints.activatePackage, (call) => packages.setActive(call.params.id, true, changeContext(call))),
    route(endpoints.deactivatePackage, (call) => packages.setActive(call.params.id, false, changeContext(call))),
    route(endpoints.archivePackage, (call) => packages.archive(call.params.id, changeContext(call))),
    route(endpoints.previewPackage, ({ params }) => packages.radiusPreview(params.id)),
    route(endpoints.deletePackage, async (call) => {
      await packages.remove(call.params.id, changeContext(call));
    }),
  ];
}
