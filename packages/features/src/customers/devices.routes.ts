import * as endpoints from '@turnpike/contracts/devices.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { DevicesService } from './devices.service.js';

export function deviceRoutes({ devices }: { devices: DevicesService }): RouteBinding[] {
  return [
    route(endpoints.listDevices, async ({ params }) => ({ items: await devices.list(params.id) })),
    route(endpoints.addDevice, (call) => devices.add(call.params.id, call.body, changeContext(call))),
    route(endpoints.updateDevice, (call) => devices.update(call.params, call.body, changeContext(call))),
    route(endpoints.removeDevice, async (call) => {
      await devices.remove(call.params, changeContext(call));
    }),
  ];
}
