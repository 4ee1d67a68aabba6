import QRCode from 'qrcode';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Db, Transact, Tx } from '@turnpike/db/database.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { appendAudit } from '../audit/audit.store.js';
import { revokeTokensOf } from './auth-token.store.js';
import { findOperator } from './operator.store.js';
import { requireSession } from './own-session.js';
import type { ProofLimits } from './proof-limits.js';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.js';
import { totpPlace } from './second-factor.js';
import { newTotpSecret, totpStep, totpUri } from './totp.js';
import { disableTotp, enableTotp, keepPendingSecret, lockPendingSecret } from './two-factor.store.js';

export interface TwoFactorService {
  /** Throws `conflict` when it is on already. */
  start(actor: Actor): Promise<{ secret: string; uri: string; qrSvg: string }>;
  /** Throws `conflict` when nothing was begun, `validation_failed` for a wrong code, `rate_limited`. */
  confirm(otp: string, actor: Actor, requestId: string): Promise<{ recoveryCodes: string[] }>;
  /** Throws `conflict` when it is off. */
  remove(actor: Actor, requestId: string): Promise<void>;
  /** Of somebody else, who cannot sign in any more. Throws `not_found`, or `conflict` when it is off. */
  reset(operatorId: string, by: Actor, requestId: string): Promise<void>;
}

interface Deps {
  readonly db: Db;
  readonly transact: Transact;
  readonly secretBox: Pick<SecretBox, 'seal' | 'open'>;
  readonly limits: ProofLimits;
  readonly clock: Clock;
}

/** Two-factor authentication of operators, RFC 6238. */
export function createTwoFactorService(deps: Deps): TwoFactorService {
  const { db, transact, secretBox, clock } = deps;
  return {
    start: async (actor) => {
      requireSession(actor);
      const operator = await findOperator(db, actor.id);
      if (operator === null) throw new AppError('not_found', 'there is no such operator');
      if (operator.totpSecret !== null) {
        throw new AppError(
          'conflict',
          'two-factor authentication is on: switch it off before you set up another device',
        );
      }
      const secret = newTotpSecret();
      await keepPendingSecret(db, actor.id, secretBox.seal(secret, totpPlace(actor.id, 'totp_pending')));
      const uri = totpUri(secret, operator.email);
      return { secret, uri, qrSvg: await QRCode.toString(uri, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }) };
    },
    confirm: async (otp, actor, requestId) => {
      requireSession(actor);
      const attempt = { operatorId: actor.id, place: actor.tokenId, signedIn: true, code: true };
      await deps.limits.take(attempt);
      const codes = await transact((tx) => confirm(deps, tx, { otp, actor, requestId }));
      await deps.limits.forgive(attempt);
      return { recoveryCodes: codes };
    },
    remove: async (actor, requestId) => {
      requireSession(actor);
      await transact((tx) => switchOff(tx, actor.id, actor, 'operator.two_factor_removed', requestId));
    },
    reset: (operatorId, by, requestId) =>
      transact(async (tx) => {
        if ((await findOperator(tx, operatorId)) === null) throw new AppError('not_found', 'there is no such operator');
        await revokeTokensOf(tx, { operatorId, kind: 'session', except: by.tokenId }, clock.now());
        await switchOff(tx, operatorId, by, 'operator.two_factor_reset', requestId);
      }),
  };
}

interface Confirmation {
  readonly otp: string;
  readonly actor: Actor;
  readonly requestId: string;
}

async function confirm({ secretBox, clock }: Deps, tx: Tx, { otp, actor, requestId }: Confirmation): Promise<string[]> {
  const sealed = await lockPendingSecret(tx, actor.id);
  if (sealed === undefined) {
    throw new AppError('conflict', 'there is no secret to confirm: begin with POST /me/two-factor');
  }
  const secret = secretBox.open(sealed, totpPlace(actor.id, 'totp_pending'));
  const step = totpStep(secret, otp, clock.now());
  if (step === undefined) {
    throw invalidField('otp', 'is not the code that the authenticator shows now; check the clock of the phone');
  }
  const codes = newRecoveryCodes();
  await enableTotp(tx, actor.id, {
    sealed: secretBox.seal(secret, totpPlace(actor.id, 'totp_secret')),
    step,
    codeHashes: codes.map((code) => recoveryCodeHash(code)).filter((hash) => hash !== undefined),
  });
  const except = actor.tokenId;
  const sessionsEnded = await revokeTokensOf(tx, { operatorId: actor.id, kind: 'session', except }, clock.now());
  await appendAudit(tx, {
    actor: actor.id,
    action: 'operator.two_factor_enabled',
    subjectType: 'operator',
    subjectId: actor.id,
    requestId,
    details: { before: { twoFactor: false }, after: { twoFactor: true }, sessionsEnded },
  });
  return codes;
}

async function switchOff(tx: Tx, operatorId: string, by: Actor, action: string, requestId: string): Promise<void> {
  if (!(await disableTotp(tx, operatorId))) throw new AppError('conflict', 'two-factor authentication is off already');
  await appendAudit(tx, {
    actor: by.id,
    action,
    subjectType: 'operator',
    subjectId: operatorId,
    requestId,
    details: { before: { twoFactor: true }, after: { twoFactor: false } },
  });
}
