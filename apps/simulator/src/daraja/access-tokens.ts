import { randomBytes } from 'node:crypto';
import type { Clock } from '@turnpike/core/clock.js';
import { DarajaError, invalidAccessToken } from './daraja-error.js';

const LIVES_SECONDS = 3_599;
/** Tokens that are kept; the oldest goes first. */
const MOST_TOKENS = 10_000;

export interface AppCredentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

export interface AccessTokens {
  /** The body of `/oauth/v1/generate`. Errors: 400.008.01 and 400.008.02. */
  give(authorization: string | undefined, grantType: string | null): { access_token: string; expires_in: string };
  /** Errors: 404.001.03. */
  check(authorization: string | undefined): void;
  /** Ends all that were given out until now. */
  expireAll(): void;
}

function isThisApp(authorization: string | undefined, { consumerKey, consumerSecret }: AppCredentials): boolean {
  const [scheme, encoded = ''] = (authorization ?? '').split(' ');
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  return scheme?.toLowerCase() === 'basic' && given === `${consumerKey}:${consumerSecret}`;
}

/** Bearer tokens by client credentials. */
export function createAccessTokens(app: AppCredentials, clock: Clock, expiresAtOnce: () => boolean): AccessTokens {
  const endsAtMs = new Map<string, number>();
  return {
    give: (authorization, grantType) => {
      if (grantType !== 'client_credentials') {
        throw new DarajaError(400, '400.008.02', 'Invalid grant type passed');
      }
      if (!isThisApp(authorization, app)) throw new DarajaError(400, '400.008.01', 'Invalid Authentication passed');
      const token = randomBytes(21).toString('base64url');
      endsAtMs.set(token, clock.monotonicMs() + LIVES_SECONDS * 1_000);
      const [oldest] = endsAtMs.keys();
      if (endsAtMs.size > MOST_TOKENS && oldest !== undefined) endsAtMs.delete(oldest);
      return { access_token: token, expires_in: String(LIVES_SECONDS) };
    },
    check: (authorization) => {
      const [scheme, token = ''] = (authorization ?? '').split(' ');
      const endMs = scheme === 'Bearer' ? endsAtMs.get(token) : undefined;
      if (endMs === undefined || endMs <= clock.monotonicMs() || expiresAtOnce()) throw invalidAccessToken();
    },
    expireAll: () => endsAtMs.clear(),
  };
}
