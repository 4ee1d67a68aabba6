import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import { findSiteOfRouter, findSiteOfSession } from './event-site.store.js';
import type { EventPlace } from './live.policy.js';

/** Tells the site of what an event is about; undefined when it has none. */
export type SiteOf = (place: Exclude<EventPlace, string>) => Promise<string | undefined>;

const REMEMBERED_MS = 2_000;
const MOST_REMEMBERED = 1_000;

/** One look-up an event, however many streams of operators of some sites are open. */
export function createSiteReader({ db, clock }: { db: Db; clock: Clock }): SiteOf {
  const known = new Map<string, { readonly askedAtMs: number; readonly site: Promise<string | undefined> }>();
  return (place) => {
    const key = `${place.kind} ${place.id}`;
    const nowMs = clock.monotonicMs();
    const before = known.get(key);
    if (before !== undefined && nowMs - before.askedAtMs < REMEMBERED_MS) return before.site;
    const site = place.kind === 'router' ? findSiteOfRouter(db, place.id) : findSiteOfSession(db, place.id);
    known.delete(key);
    known.set(key, { askedAtMs: nowMs, site });
    const [oldest] = known.keys();
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
    site.catch(() => known.delete(key));
    return site;
  };
}
