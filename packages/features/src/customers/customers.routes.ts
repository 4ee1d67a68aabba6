import * as endpoints from '@turnpike/contracts/customers.js';
import { toPage } from '@turnpike/core/page.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { customerView } from './customer.view.js';
import type { CustomersService } from './customers.service.js';
import { deviceRoutes } from './devices.routes.js';
import type { DevicesService } from './devices.service.js';

export function customerRoutes({
  customers,
  devices,
}: {
  customers: CustomersService;
  devices: DevicesService;
}): RouteBinding[] {
  return [
    ...deviceRoutes({ devices }),
    route(endpoints.listCustomers, async ({ query, actor }) =>
      toPage(await customers.list(query), query.limit, (row) => customerView(row, actor.role)),
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
    route(endpoints.resumeCustomer, async (call) =>
      customerView(await customers.resume(call.params.id, changeContext(call)), call.actor.role),
    ),
  ];
}
