import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { hashToken, newToken } from '@turnpike/core/tokens.js';
import type { Db, Transact, Tx } from '@turnpike/db/database.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { appendAudit } from '../audit/audit.store.js';
import { insertAuthToken, revokeAuthToken } from './auth-token.store.js';
import type { LoginLimits } from './login-limits.js';
import { findOperatorByEmail } from './operator.store.js';
import type { PasswordHasher } from './passwords.js';

const SESSION_MS = 12 * 3_600_000;

export type LoginOutcome = 'accepted' | 'refused' | 'limited';

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: string;
}

export interface SignInService {
  /** Throws `unauthenticated` (the same for a wrong password, an unknown and a disabled account) or `rate_limited`. */
  login(input: { email: string; password: string }, from: { ip: string; requestId: string }): Promise<IssuedToken>;
  logout(actor: Actor, requestId: string): Promise<void>;
  /** Throws `forbidden` for an API token, `unauthenticated` when the session was exchanged before. */
  refresh(actor: Actor, requestId: string): Promise<IssuedToken>;
}

interface Deps {
  readonly db: Db;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly limits: LoginLimits;
  readonly hasher: PasswordHasher;
  readonly countLogin: (outcome: LoginOutcome) => void;
}

export function createSignInService(deps: Deps): SignInService {
  const { transact, clock } = deps;
  return {
    login: async (input, from) => {
      const operatorId = await checkPassword(deps, input, from.ip);
      return transact(async (tx) => {
        const issued = await issueSession(tx, operatorId, clock);
        await audit(tx, operatorId, 'operator.signed_in', from.requestId);
        return issued;
      });
    },
    logout: (actor, requestId) =>
      transact(async (tx) => {
        const revoked = await revokeAuthToken(tx, { id: actor.tokenId, operatorId: actor.id }, clock.now());
        if (revoked) await audit(tx, actor.id, 'operator.signed_out', requestId);
      }),
    refresh: (actor, requestId) =>
      transact(async (tx) => {
        if (actor.kind !== 'session')
          throw new AppError('forbidden', 'an API token cannot be refreshed: make a new one');
        const revoked = await revokeAuthToken(tx, { id: actor.tokenId, operatorId: actor.id }, clock.now());
        if (!revoked) throw new AppError('unauthenticated', 'this session has ended');
        const issued = await issueSession(tx, actor.id, clock);
        await audit(tx, actor.id, 'operator.session_refreshed', requestId);
        return issued;
      }),
  };
}

/** Gives the operator's id. Every refusal after the limits costs one password hash, whatever its cause. */
async function checkPassword(
  { db, limits, hasher, countLogin }: Deps,
  { email, password }: { email: string; password: string },
  ip: string,
): Promise<string> {
  try {
    await limits.take({ email, ip });
  } catch (error) {
    if (error instanceof AppError && error.code === 'rate_limited') countLogin('limited');
    throw error;
  }
  const operator = await findOperatorByEmail(db, email);
  const usable = operator === null || operator.disabledAt !== null ? undefined : operator;
  const matches = await hasher.verify(usable?.passwordHash, password);
  if (usable === undefined || !matches) {
    countLogin('refused');
    throw new AppError('unauthenticated', 'the e-mail address or the password is wrong');
  }
  await limits.forgive({ email, ip });
  countLogin('accepted');
  return usable.id;
}

async function issueSession(tx: Tx, operatorId: string, clock: Clock): Promise<IssuedToken> {
  const token = newToken('tps');
  const expiresAt = new Date(clock.now().getTime() + SESSION_MS);
  await insertAuthToken(tx, {
    operatorId,
    kind: 'session',
    name: 'session',
    hash: hashToken(token),
    scopes: [],
    expiresAt,
  });
  return { token, expiresAt: expiresAt.toISOString() };
}

async function audit(tx: Tx, operatorId: string, action: string, requestId: string): Promise<void> {
  await appendAudit(tx, { actor: operatorId, action, subjectType: 'operator', subjectId: operatorId, requestId });
}
