import * as endpoints from '@turnpike/contracts/packages.js';
import type { PackageSales } from '@turnpike/contracts/packages.js';
import { mayActor, type Rights } from '@turnpike/runtime/http/actor.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { keptRoute, type RouteBinding, route } from '@turnpike/runtime/http/route.js';
import { CACHED_MS } from '../caching/cached-reads.js';
import type { ReadSales } from './package-sales.js';
import type { PackagesService } from './packages.service.js';
import { PACKAGES_TAG } from './public-packages.js';

const KEPT = { tags: [PACKAGES_TAG], ttlMs: CACHED_MS.packages };

interface PackageRoutesDeps {
  readonly packages: PackagesService;
  readonly sales: ReadSales;
}

export function packageRoutes({ packages, sales }: PackageRoutesDeps): RouteBinding[] {
  /** Figures of the whole network are for those who see all of it. */
  const salesFor = async (rights: Rights): Promise<(id: string) => PackageSales> =>
    rights.sites === null && mayActor(rights, 'payments:read') ? sales() : () => null;

  return [
    keptRoute(
      endpoints.listPackages,
      ({ query, rights }) => (rights.sites === null && query.q === undefined ? KEPT : undefined),
      async ({ query, rights }) => {
        const [page, soldOf] = await Promise.all([packages.list({ ...query, sites: rights.sites }), salesFor(rights)]);
        return { ...page, items: page.items.map((item) => ({ ...item, sold: soldOf(item.id) })) };
      },
    ),
    route(endpoints.createPackage, (call) => packages.create(call.body, changeContext(call))),
    keptRoute(
      endpoints.getPackage,
      ({ rights }) => (rights.sites === null ? KEPT : undefined),
      async ({ params, rights }) => {
        const [found, soldOf] = await Promise.all([packages.get(params.id), salesFor(rights)]);
        return { ...found, sold: soldOf(found.id) };
      },
    ),
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
