import * as endpoints from '@turnpike/contracts/notifications.js';
import { toPage } from '@turnpike/core/page.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { publicRoute, route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { notificationView } from './notification.view.js';
import type { NotificationsService } from './notifications.service.js';

export function notificationRoutes({ notifications }: { notifications: NotificationsService }): RouteBinding[] {
  return [
    route(endpoints.listNotifications, async ({ query, actor }) =>
      toPage(await notifications.list(query), query.limit, (row) => notificationView(row, actor.role)),
    ),
    route(endpoints.sendCredentials, async (call) =>
      notificationView(await notifications.sendCredentials(call.params.id, changeContext(call)), call.actor.role),
    ),
    publicRoute(endpoints.smsOptOut, async ({ params, body, requestId }) => {
      await notifications.optOut(params.token, body.raw, requestId);
      return { status: 'ok' } as const;
    }),
  ];
}
