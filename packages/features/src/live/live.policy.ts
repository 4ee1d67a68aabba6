import { topicReaders, type LiveEvent } from '@turnpike/contracts/events.js';
import type { Permission } from '@turnpike/contracts/permissions.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import { mayActor, type Actor } from '@turnpike/runtime/http/actor.js';
import { usernameFor } from '../customers/phone-view.js';

/** What has to be found out before it is known whether an actor of some sites may hear of an event. */
export type EventPlace = { readonly kind: 'router' | 'session'; readonly id: string } | 'anywhere' | 'nowhere';

/** The event as the actor may see it; undefined: not at all. Sites are not looked at. */
export function eventFor(actor: Actor, event: LiveEvent): LiveEvent | undefined {
  const permission = readerOf(event);
  if (permission !== 'anybody' && (permission === undefined || !mayActor(actor, permission))) return undefined;
  // A username may be a phone number.
  return event.type === 'session' ? { ...event, username: usernameFor(actor.role, event.username) } : event;
}

function readerOf(event: LiveEvent): Permission | 'anybody' | undefined {
  switch (event.type) {
    case 'provisioning':
      return 'provisioning:read';
    case 'router-status':
    case 'router-readings':
      return 'routers:read';
    case 'session':
      return 'sessions:read';
    case 'payment':
      return 'payments:read';
    case 'changed':
      return topicReaders[event.topic];
    case 'reset':
      return 'anybody';
    default:
      return assertNever(event);
  }
}

/** Topics of which an actor of some sites reads a part. */
const TOPICS_OF_SITES: ReadonlySet<string> = new Set(['routers', 'provisioning', 'sessions', 'packages', 'alerts']);

/** Where an event belongs, for actors who see some sites only: money and everything else of the whole system is nowhere. */
export function placeOf(event: LiveEvent): EventPlace {
  switch (event.type) {
    case 'provisioning':
    case 'router-status':
      return { kind: 'router', id: event.routerId };
    case 'session':
      return { kind: 'session', id: event.sessionId };
    case 'changed':
      return TOPICS_OF_SITES.has(event.topic) ? 'anywhere' : 'nowhere';
    case 'payment':
      return 'nowhere';
    case 'router-readings':
    case 'reset':
      return 'anywhere';
    default:
      return assertNever(event);
  }
}

/** That something changed may be known at every site, but not which thing of another site it was. */
export function withoutId(event: LiveEvent): LiveEvent {
  return event.type === 'changed' ? { ...event, id: null } : event;
}
