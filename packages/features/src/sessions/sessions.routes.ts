import * as endpoints from '@turnpike/contracts/sessions.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { SessionsService } from './sessions.service.js';

export function sessionRoutes({ sessions }: { sessions: SessionsService }): RouteBinding[] {
  return [
    route(endpoints.listSessions, ({ query }) => sessions.list(query)),
    route(endpoints.listSessionHistory, ({ query }) => sessions.history(query)),
    route(endpoints.lookupIp, (call) => sessions.whoHad(call.query, changeContext(call))),
    route(endpoints.listCustomerSessions, ({ params, query }) => sessions.list({ ...query, customerId: params.id })),
    route(endpoints.disconnectSession, (call) => sessions.disconnect(call.params.id, changeContext(call))),
    route(endpoints.changeSessionRate, (call) => sessions.changeRate(call.params.id, call.body, changeContext(call))),
    route(endpoints.getSessionCommand, ({ params }) => sessions.getCommand(params.id)),
  ];
}
