import type { LiveBus } from '@turnpike/runtime/live-bus.js';

/** Routers are read all the time, and consoles need to look again only now and then. */
const EVERY_MS = 10_000;

/** Gives what to call after each reading that was stored: consoles are told of many of them at once. */
export function createReadingsNews(live: Pick<LiveBus, 'publish'>, everyMs = EVERY_MS): () => void {
  let due: NodeJS.Timeout | undefined;
  return () => {
    due ??= setTimeout(() => {
      due = undefined;
      void live.publish({ type: 'router-readings' });
    }, everyMs).unref();
  };
}
