import { streamEvents, type LiveEvent } from '@turnpike/contracts/events.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { streamRoute, type EventSink, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import type { SiteOf } from './event-sites.js';
import { eventFor, placeOf, withoutId } from './live.policy.js';

interface Deps {
  readonly live: LiveBus;
  readonly siteOf: SiteOf;
  /** How often a stream is told how far it has come; default 15 s. */
  readonly markEveryMs?: number;
}

export function liveRoutes({ live, siteOf, markEveryMs = 15_000 }: Deps): RouteBinding[] {
  return [
    streamRoute(streamEvents, async ({ query, actor, sse, signal, lastEventId }) => {
      if (signal.aborted) return;
      const push = actor.sites === null ? pushTo(sse) : pushInOrder(sse, siteFilter(actor.sites, siteOf));
      const unsubscribe = live.subscribe((event, id) => {
        const seen = concerns(event, query.routerId) ? eventFor(actor, event) : undefined;
        if (seen !== undefined) push(seen, id);
      }, lastEventId ?? query.lastEventId);
      // From here on a caller who is cut off knows where to go on, also one who has not seen any event.
      const mark = () => push(undefined, live.position());
      mark();
      const timer = setInterval(mark, markEveryMs);
      signal.addEventListener(
        'abort',
        () => {
          clearInterval(timer);
          unsubscribe();
        },
        { once: true },
      );
    }),
  ];
}

/** Sends an event, or without one only tells the position. */
type Push = (event: LiveEvent | undefined, id: string) => void;

function pushTo(sse: EventSink<LiveEvent>): Push {
  return (event, id) => {
    if (event === undefined) sse.mark(id);
    else sse.push(event, event.type, id);
  };
}

/** Each waits for the one before it: what is looked up may not change the order. */
function pushInOrder(sse: EventSink<LiveEvent>, filter: (event: LiveEvent) => Promise<LiveEvent | undefined>): Push {
  const push = pushTo(sse);
  let last: Promise<void> = Promise.resolve();
  return (event, id) => {
    const seen = event === undefined ? Promise.resolve(undefined) : filter(event);
    last = last.then(async () => {
      // Whose site cannot be found out now is not told; it was only a hint, and the next one will be.
      const told = await seen.catch(() => undefined);
      if (told !== undefined || event === undefined) push(told, id);
    });
  };
}

function siteFilter(sites: NonNullable<Actor['sites']>, siteOf: SiteOf) {
  return async (event: LiveEvent): Promise<LiveEvent | undefined> => {
    const place = placeOf(event);
    if (place === 'anywhere') return withoutId(event);
    if (place === 'nowhere') return undefined;
    const site = await siteOf(place);
    return site !== undefined && sites.includes(site) ? event : undefined;
  };
}

/** Who asks for one router gets nothing of others, and nothing that names no router; that events were missed concerns all. */
function concerns(event: LiveEvent, routerId: string | undefined): boolean {
  return routerId === undefined || event.type === 'reset' || ('routerId' in event && event.routerId === routerId);
}
