import * as endpoints from '@turnpike/contracts/packages.js';
import type { PackageSales } from '@turnpike/contracts/packages.js';
import { mayActor, type Actor } from '@turnpike/runtime/http/actor.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { ReadSales } from './package-sales.js';
import type { PackagesService } from './packages.service.js';

interface PackageRoutesDeps {
  readonly packages: PackagesService;
  readonly sales: ReadSales;
}

export function packageRoutes({ packages, sales }: PackageRoutesDeps): RouteBinding[] {
  /** Figures of the whole network are for those who see all of it. */
  const salesFor = async (actor: Actor): Promise<(id: string) => PackageSales> =>
    actor.sites === null && mayActor(actor, 'payments:read') ? sales() : () => null;

  return [
    route(endpoints.listPackages, async ({ query, actor }) => {
      const [page, soldOf] = await Promise.all([packages.list({ ...query, sites: actor.sites }), salesFor(actor)]);
      return { ...page, items: page.items.map((item) => ({ ...item, sold: soldOf(item.id) })) };
    }),
    route(endpoints.createPackage, (call) => packages.create(call.body, changeContext(call))),
    route(endpoints.getPackage, async ({ params, actor }) => {
      const [found, soldOf] = await Promise.all([packages.get(params.id), salesFor(actor)]);
      return { ...found, sold: soldOf(found.id) };
    }),
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
