import * as endpoints from '@turnpike/contracts/customers.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { EntitlementsService } from './entitlements.service.js';

export function entitlementRoutes({ entitlements }: { entitlements: EntitlementsService }): RouteBinding[] {
  return [
    route(endpoints.grantPackage, (call) =>
      entitlements.grant(call.params.id, call.body.packageId, changeContext(call)),
    ),
    route(endpoints.suspendEntitlement, (call) => entitlements.suspend(call.params.id, changeContext(call))),
    route(endpoints.resumeEntitlement, (call) => entitlements.resume(call.params.id, changeContext(call))),
    route(endpoints.refundEntitlement, (call) => entitlements.refund(call.params.id, changeContext(call))),
    route(endpoints.getEntitlement, ({ params }) => entitlements.get(params.id)),
    route(endpoints.listEntitlements, async ({ params }) => ({ items: await entitlements.list(params.id) })),
  ];
}
