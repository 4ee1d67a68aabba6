import { z } from 'zod';
import { SecretBoxError, type SecretBox, type SecretPlace } from '@turnpike/core/secret-box.js';

/** What this browser sent to the router last, so that it can be sent again with a fresh challenge. */
export interface RememberedLogin {
  readonly username: string;
  readonly password: string;
  /** How often it was sent by itself. */
  readonly tries: number;
}

const kept = z.object({ u: z.string(), p: z.string(), n: z.number(), until: z.number() });

const LIFE_MS = 600_000;

/** For a cookie: nobody but us reads it, and it is of use only to the browser that has the id. */
export function sealLogin(box: Pick<SecretBox, 'seal'>, browserId: string, login: RememberedLogin, now: Date): string {
  const plain = { u: login.username, p: login.password, n: login.tries, until: now.getTime() + LIFE_MS };
  return box.seal(JSON.stringify(plain), place(browserId));
}

/** undefined for what is not ours, another browser's or ten minutes old. */
export function openLogin(
  box: Pick<SecretBox, 'open'>,
  browserId: string,
  sealed: string | undefined,
  now: Date,
): RememberedLogin | undefined {
  if (sealed === undefined || sealed === '') return undefined;
  try {
    const { u: username, p: password, n: tries, until } = kept.parse(JSON.parse(box.open(sealed, place(browserId))));
    return until > now.getTime() ? { username, password, tries } : undefined;
  } catch (error) {
    if (error instanceof SecretBoxError) return undefined;
    throw error;
  }
}

function place(browserId: string): SecretPlace {
  return { table: 'portal_cookie', row: browserId, column: 'login' };
}
