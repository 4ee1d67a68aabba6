import * as endpoints from '@turnpike/contracts/customers.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import { toPage } from '@turnpike/core/page.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { FoundCustomer } from './customer-search.store.js';
import { customerView } from './customer.view.js';
import { privacyRoutes } from './customer-privacy.routes.js';
import type { CustomerPrivacy } from './customer-privacy.service.js';
import type { CustomerSearch } from './customer-search.service.js';
import type { CustomersService } from './customers.service.js';
import { deviceRoutes } from './devices.routes.js';
import type { DevicesService } from './devices.service.js';

export function customerRoutes({
  customers,
  devices,
  search,
  privacy,
}: {
  customers: CustomersService;
  devices: DevicesService;
  search: CustomerSearch;
  privacy: CustomerPrivacy;
}): RouteBinding[] {
  return [
    ...deviceRoutes({ devices }),
    ...privacyRoutes({ privacy }),
    route(endpoints.listCustomers, async ({ query, actor }) =>
      pageOf(await search.find(query), query.limit, actor.role),
    ),
    route(endpoints.createCustomer, async (call) => {
      const { row, madePassword } = await customers.create(call.body, changeContext(call));
      return { ...customerView(row, call.actor.role), password: madePassword };
    }),
    route(endpoints.getCustomer, async ({ params, actor }) => customerView(await customers.get(params.id), actor.role)),
    route(endpoints.updateCustomer, async (call) =>
      customerView(await customers.update(call.params.id, call.body, changeContext(call)), call.actor.role),
    ),
    route(endpoints.deleteCustomer, async (call) => {
      await customers.remove(call.params.id, changeContext(call));
    }),
    route(endpoints.suspendCustomer, async (call) =>
      customerView(await customers.suspend(call.params.id, changeContext(call)), call.actor.role),
    ),
    route(endpoints.revealPhone, async (call) => {
      return customers.revealPhone(call.params.id, changeContext(call));
    }),
    route(endpoints.resumeCustomer, async (call) =>
      customerView(await customers.resume(call.params.id, changeContext(call)), call.actor.role),
    ),
  ];
}

/** Pages go by the customers' ids. */
function pageOf(found: readonly FoundCustomer[], limit: number, role: Role) {
  const keyed = found.map(({ row, matched }) => ({ id: row.id, row, matched }));
  return toPage(keyed, limit, ({ row, matched }) => ({ ...customerView(row, role), matched }));
}
