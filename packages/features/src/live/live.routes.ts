import { streamEvents, type LiveEvent } from '@turnpike/contracts/events.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import { usernameFor } from '../customers/phone-view.js';
import { streamRoute, type RouteBinding } from '@turnpike/runtime/http/route.js';

export function liveRoutes({ live }: { live: LiveBus }): RouteBinding[] {
  return [
    streamRoute(streamEvents, async ({ query, actor, sse, signal }) => {
      const unsubscribe = live.subscribe((event) => {
        if (concerns(event, query.routerId)) sse.push(seenBy(actor.role, event), event.type);
      });
      if (signal.aborted) unsubscribe();
      else signal.addEventListener('abort', unsubscribe, { once: true });
    }),
  ];
}

/** A username may be a phone number. */
function seenBy(role: Role, event: LiveEvent): LiveEvent {
  return event.type === 'session' ? { ...event, username: usernameFor(role, event.username) } : event;
}

/** Who asks for one router gets nothing of others, and nothing that names no router. */
function concerns(event: LiveEvent, routerId: string | undefined): boolean {
  return routerId === undefined || ('routerId' in event && event.routerId === routerId);
}
