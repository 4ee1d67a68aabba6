import { AppError } from '@turnpike/core/app-error.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';

/** How an operator signs in is for the operator at a screen; whoever got hold of an API token must not change it. */
export function requireSession(actor: Actor): void {
  if (actor.kind === 'session') return;
  throw new AppError('forbidden', 'An API token cannot do this: sign in with e-mail and password.');
}
