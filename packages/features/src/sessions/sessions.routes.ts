import * as endpoints from '@turnpike/contracts/sessions.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { CustomerUsage } from './customer-usage.js';
import { sessionFor, sessionsFor } from './session.view.js';
import type { SessionsService } from './sessions.service.js';

export interface SessionRoutesDeps {
  readonly sessions: SessionsService;
  readonly usage: CustomerUsage;
}

export function sessionRoutes({ sessions, usage }: SessionRoutesDeps): RouteBinding[] {
  return [
    route(endpoints.listSessions, async ({ query, actor }) =>
      sessionsFor(actor.role, await sessions.list({ ...query, sites: actor.sites })),
    ),
    route(endpoints.listSessionHistory, async ({ query, actor }) =>
      sessionsFor(actor.role, await sessions.history({ ...query, sites: actor.sites })),
    ),
    route(endpoints.getSession, async ({ params, actor }) => sessionFor(actor.role, await sessions.get(params.id))),
    route(endpoints.lookupIp, async (call) =>
      sessionsFor(
        call.actor.role,
        await sessions.whoHad({ ...call.query, sites: call.actor.sites }, changeContext(call)),
      ),
    ),
    route(endpoints.listCustomerSessions, async ({ params, query, actor }) =>
      sessionsFor(actor.role, await sessions.list({ ...query, customerId: params.id, sites: actor.sites })),
    ),
    route(endpoints.getCustomerUsage, ({ params, query }) => usage.of(params.id, query)),
    route(endpoints.disconnectSession, (call) => sessions.disconnect(call.params.id, changeContext(call))),
    route(endpoints.changeSessionRate, (call) => sessions.changeRate(call.params.id, call.body, changeContext(call))),
    route(endpoints.getSessionCommand, ({ params }) => sessions.getCommand(params.id)),
  ];
}
