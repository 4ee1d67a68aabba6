import * as endpoints from '@turnpike/contracts/customer-privacy.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { CustomerPrivacy } from './customer-privacy.service.js';

export function privacyRoutes({ privacy }: { privacy: CustomerPrivacy }): RouteBinding[] {
  return [
    route(endpoints.exportCustomer, (call) => privacy.export(call.params.id, call.actor.role, changeContext(call))),
    route(endpoints.eraseCustomer, (call) =>
      privacy.erase(call.params.id, call.body, { ...changeContext(call), role: call.actor.role }),
    ),
  ];
}
