import { AppError } from '@turnpike/core/app-error.js';
import { readSessionCookie } from './session-cookie.js';

/** What a request says who it is with. */
export interface Credential {
  readonly token: string;
  /** Browsers add a cookie by themselves, to requests that a stranger's page makes too; a bearer header they never add. */
  readonly by: 'bearer' | 'cookie';
}

/** The part of a request that is looked at; Express's has it, and so has node's with a small wrapper. */
export interface CredentialSource {
  readonly method: string;
  get(header: string): string | undefined;
}

/** Header of every writing request of the console: no page of another site can send it, since CORS is granted to none. */
export const CONSOLE_HEADER = 'X-Turnpike-Console';

/** RFC 6750 section 2.1: the token comes in the Authorization header, never in the URL or body; else in our cookie. */
export function credentialOf(request: CredentialSource): Credential | undefined {
  const bearer = /^Bearer +([A-Za-z0-9._~+/=-]{1,512}) *$/i.exec(request.get('authorization') ?? '')?.[1];
  if (bearer !== undefined) return { token: bearer, by: 'bearer' };
  const token = readSessionCookie(request.get('cookie'));
  return token === undefined ? undefined : { token, by: 'cookie' };
}

/** Throws `forbidden` for a write that came with a cookie but without the console's header (CSRF). */
export function refuseForged(request: CredentialSource, credential: Credential): void {
  if (credential.by !== 'cookie' || request.method === 'GET' || request.method === 'HEAD') return;
  if (request.get(CONSOLE_HEADER) === '1') return;
  throw new AppError('forbidden', `Nothing was changed: a cookie may only write with the header ${CONSOLE_HEADER}: 1.`);
}
