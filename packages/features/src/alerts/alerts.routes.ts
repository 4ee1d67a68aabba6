import * as endpoints from '@turnpike/contracts/alerts.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { AlertsService } from './alerts.service.js';

export function alertRoutes({ alerts }: { alerts: AlertsService }): RouteBinding[] {
  return [
    // Before `/alerts/{id}`, which their paths look like.
    route(endpoints.getAlertSummary, ({ actor }) => alerts.summary(actor.sites)),
    route(endpoints.listAlertRules, async ({ actor }) => ({ items: await alerts.rules(actor) })),
    route(endpoints.getAlertRule, ({ params, actor }) => alerts.rule(params.kind, actor)),
    route(endpoints.updateAlertRule, ({ params, body, actor, requestId }) =>
      alerts.changeRule(params.kind, body, actor, requestId),
    ),
    route(endpoints.listAlerts, ({ query, actor }) => alerts.list(query, actor.sites)),
    route(endpoints.getAlert, ({ params }) => alerts.get(params.id)),
    route(endpoints.acknowledgeAlert, (call) =>
      alerts.acknowledge(call.params.id, call.body.note, changeContext(call)),
    ),
  ];
}
