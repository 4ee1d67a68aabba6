import { streamEvents, type LiveEvent } from '@turnpike/contracts/events.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import { streamRoute, type RouteBinding } from '@turnpike/runtime/http/route.js';

export function liveRoutes({ live }: { live: LiveBus }): RouteBinding[] {
  return [
    streamRoute(streamEvents, async ({ query, sse, signal }) => {
      const unsubscribe = live.subscribe((event) => {
        if (concerns(event, query.routerId)) sse.push(event, event.type);
      });
      if (signal.aborted) unsubscribe();
      else signal.addEventListener('abort', unsubscribe, { once: true });
    }),
  ];
}

/** Who asks for one router gets nothing of others, and nothing that names no router. */
function concerns(event: LiveEvent, routerId: string | undefined): boolean {
  return routerId === undefined || ('routerId' in event && event.routerId === routerId);
}
