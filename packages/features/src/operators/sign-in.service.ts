import { addressKey } from '@turnpike/core/address-key.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { hashToken, newToken } from '@turnpike/core/tokens.js';
import type { Db, Transact, Tx } from '@turnpike/db/database.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { storableText } from '../audit/audit-details.js';
import { appendAudit } from '../audit/audit.store.js';
import { insertAuthToken, revokeAuthToken } from './auth-token.store.js';
import type { LoginLimits } from './login-limits.js';
import { findOperatorByEmail, type OperatorRow } from './operator.store.js';
import type { PasswordHasher } from './passwords.js';
import type { ProofLimits } from './proof-limits.js';
import type { FactorKind, SecondFactor } from './second-factor.js';

const SESSION_MS = 12 * 3_600_000;

/** `code_required`: the password was right, and the code of the second factor was not sent with it. */
export type LoginOutcome = 'accepted' | 'refused' | 'limited' | 'code_required';

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: string;
}

/** Where somebody signs in from. */
export interface SignInPlace {
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

export interface Credentials {
  /** Lower case. */
  readonly email: string;
  readonly password: string;
  readonly otp?: string | undefined;
}

export interface SignInService {
  /**
   * Throws `unauthenticated` (the same for a wrong password, an unknown and a disabled account; for a wrong code too),
   * `second_factor_required` when the password is right and a code is missing, or `rate_limited`.
   */
  login(input: Credentials, from: SignInPlace): Promise<IssuedToken>;
  logout(actor: Actor, requestId: string): Promise<void>;
  /** Throws `forbidden` for an API token, `unauthenticated` when the session was exchanged before. */
  refresh(actor: Actor, from: SignInPlace): Promise<IssuedToken>;
}

interface Deps {
  readonly db: Db;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly limits: LoginLimits;
  readonly proofLimits: ProofLimits;
  readonly secondFactor: SecondFactor;
  readonly hasher: PasswordHasher;
  readonly countLogin: (outcome: LoginOutcome) => void;
}

export function createSignInService(deps: Deps): SignInService {
  const { transact, clock } = deps;
  return {
    login: async (input, from) => {
      const { operator, factor } = await checkCredentials(deps, input, from.ip);
      return transact(async (tx) => {
        const { id: _, ...issued } = await issueSession(tx, operator.id, from, clock);
        const details = factor === undefined ? {} : { secondFactor: factor };
        await audit(tx, operator.id, 'operator.signed_in', from.requestId, { ...details, ip: from.ip });
        return issued;
      });
    },
    logout: (actor, requestId) =>
      transact(async (tx) => {
        const revoked = await revokeAuthToken(tx, { id: actor.tokenId, operatorId: actor.id }, clock.now());
        if (revoked) await audit(tx, actor.id, 'operator.signed_out', requestId);
      }),
    refresh: async (actor, from) => {
      if (actor.kind !== 'session') throw new AppError('forbidden', 'an API token cannot be refreshed: make a new one');
      const { id, ...issued } = await transact(async (tx) => {
        const revoked = await revokeAuthToken(tx, { id: actor.tokenId, operatorId: actor.id }, clock.now());
        if (!revoked) throw new AppError('unauthenticated', 'this session has ended');
        const fresh = await issueSession(tx, actor.id, from, clock, actor.stepUpUntil);
        await audit(tx, actor.id, 'operator.session_refreshed', from.requestId);
        return fresh;
      });
      // Before anybody has the new token.
      await deps.proofLimits.carry(actor.id, { from: actor.tokenId, to: id });
      return issued;
    },
  };
}

interface Checked {
  readonly operator: OperatorRow;
  readonly factor: FactorKind | undefined;
}

/** Every refusal after the limits costs one password hash, whatever its cause; the tries are given back only when all is right. */
async function checkCredentials(deps: Deps, { email, password, otp }: Credentials, ip: string): Promise<Checked> {
  const { limits, countLogin } = deps;
  await counted(deps, () => limits.take({ email, ip }));
  const operator = await findOperatorByEmail(deps.db, email);
  const usable = operator === null || operator.disabledAt !== null ? undefined : operator;
  const matches = await deps.hasher.verify(usable?.passwordHash, password);
  if (usable === undefined || !matches) {
    countLogin('refused');
    throw new AppError('unauthenticated', 'the e-mail address or the password is wrong');
  }
  const factor = await checkSecondFactor(deps, usable, otp, { email, ip });
  await limits.forgive({ email, ip });
  countLogin('accepted');
  return { operator: usable, factor };
}

async function checkSecondFactor(
  deps: Deps,
  operator: OperatorRow,
  otp: string | undefined,
  { email, ip }: { email: string; ip: string },
): Promise<FactorKind | undefined> {
  if (!deps.secondFactor.isOn(operator)) return undefined;
  if (otp === undefined) {
    // No guess was made: who is asked for the code next has the same tries as before.
    await deps.limits.forgive({ email, ip });
    deps.countLogin('code_required');
    throw new AppError('second_factor_required', 'send the code of your authenticator, or a recovery code, as otp');
  }
  const attempt = { operatorId: operator.id, place: addressKey(ip), signedIn: false, code: true };
  await counted(deps, () => deps.proofLimits.take(attempt));
  const factor = await deps.secondFactor.take(operator, otp);
  if (factor === undefined) {
    deps.countLogin('refused');
    throw new AppError('unauthenticated', 'the code is wrong, too old, or was used already');
  }
  await deps.proofLimits.forgive(attempt);
  return factor;
}

async function counted({ countLogin }: Deps, take: () => Promise<void>): Promise<void> {
  try {
    await take();
  } catch (error) {
    if (error instanceof AppError && error.code === 'rate_limited') countLogin('limited');
    throw error;
  }
}

async function issueSession(
  tx: Tx,
  operatorId: string,
  { ip, userAgent }: SignInPlace,
  clock: Clock,
  stepUpUntil: Date | null = null,
): Promise<IssuedToken & { readonly id: string }> {
  const token = newToken('tps');
  const expiresAt = new Date(clock.now().getTime() + SESSION_MS);
  const { id } = await insertAuthToken(tx, {
    operatorId,
    kind: 'session',
    name: 'session',
    hash: hashToken(token),
    scopes: [],
    expiresAt,
    userAgent: storableText(userAgent),
    ip,
    stepUpUntil,
  });
  return { id, token, expiresAt: expiresAt.toISOString() };
}

async function audit(
  tx: Tx,
  operatorId: string,
  action: string,
  requestId: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await appendAudit(tx, {
    actor: operatorId,
    action,
    subjectType: 'operator',
    subjectId: operatorId,
    requestId,
    details,
  });
}
