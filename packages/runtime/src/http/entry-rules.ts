import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Endpoint, SiteSubject } from '@turnpike/contracts/endpoint.js';
import { mayActor, type Actor } from './actor.js';

/**
 * Whether the thing of this id belongs to one of the sites. False, too, when there is none of this id: who is limited to sites
 * cannot tell the one from the other.
 */
export type SiteCheck = (subject: SiteSubject, id: string, sites: readonly string[]) => Promise<boolean>;

/** Throws `unauthenticated`, `forbidden` or `outside_scope`: what can be said before the request is read. */
export function refuseUnlessAllowed({ allow, scope }: Endpoint, actor: Actor | undefined): void {
  if (allow === 'public') return;
  if (actor === undefined) {
    throw new AppError(
      'unauthenticated',
      'Sign in: this needs a valid token as Authorization: Bearer, or the cookie of a session.',
    );
  }
  if (!mayActor(actor, allow)) throw new AppError('forbidden', `This needs the permission ${allow}.`);
  if (actor.sites !== null && scope === 'global' && allow !== 'signed-in') {
    throw new AppError(
      'outside_scope',
      'This is about all sites together, and you are limited to some of them. Ask an owner of the network for it.',
    );
  }
}

/**
 * Throws `step_up_required` to a session that has not said lately who it is. `ask` gives the actor as of now: the one at hand
 * may have been read a moment before the step was made.
 */
export async function requireStepUp(
  { stepUp }: Endpoint,
  actor: Actor | undefined,
  clock: Clock,
  ask: () => Promise<Actor | undefined>,
): Promise<void> {
  if (!stepUp || actor === undefined || actor.kind === 'api') return;
  if (isSteppedUp(actor, clock) || isSteppedUp(await ask(), clock)) return;
  throw new AppError(
    'step_up_required',
    'Nothing was changed: say once more who you are with POST /auth/step-up (password or code), then send this again.',
  );
}

function isSteppedUp(actor: Actor | undefined, clock: Clock): boolean {
  return actor !== undefined && actor.stepUpUntil !== null && actor.stepUpUntil > clock.now();
}

/** Throws `not_found` for a thing of another site. `id`: of the path, parsed. */
export async function refuseOtherSites(
  { scope, siteOf }: Endpoint,
  actor: Actor | undefined,
  id: string | undefined,
  belongs: SiteCheck,
): Promise<void> {
  if (actor === undefined || actor.sites === null || scope !== 'site' || siteOf === undefined) return;
  if (id !== undefined && (await belongs(siteOf, id, actor.sites))) return;
  throw new AppError('not_found', `there is no such ${siteOf.replace('-', ' ')}`);
}
