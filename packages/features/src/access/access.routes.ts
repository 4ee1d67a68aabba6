import * as endpoints from '@turnpike/contracts/access.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { AccessService } from './access.service.js';

export function accessRoutes({ access }: { access: AccessService }): RouteBinding[] {
  return [
    route(endpoints.explainAccess, ({ params, actor }) => access.explain(params.id, actor.role)),
    route(endpoints.listAccessDecisions, ({ query }) => access.decisionsOf(query.username)),
  ];
}
