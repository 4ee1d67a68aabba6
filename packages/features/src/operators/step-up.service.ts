import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db, Transact } from '@turnpike/db/database.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { appendAudit } from '../audit/audit.store.js';
import { extendStepUp, findStepUp } from './auth-token.store.js';
import { findOperator, type OperatorRow } from './operator.store.js';
import { requireSession } from './own-session.js';
import type { PasswordHasher } from './passwords.js';
import type { ProofLimits } from './proof-limits.js';
import type { SecondFactor } from './second-factor.js';

const STEP_UP_MS = 10 * 60_000;

/** At least one of them; when both are given both have to be right. */
export interface Proof {
  readonly password?: string | undefined;
  readonly otp?: string | undefined;
}

export interface StepUpService {
  /** Until when the session of the actor has stepped up, as of now; null: it has not, or no longer. */
  until(actor: Actor): Promise<string | null>;
  /** Throws `forbidden` for a wrong proof (the session goes on) and to API tokens, `rate_limited`. */
  stepUp(proof: Proof, actor: Actor, requestId: string): Promise<{ stepUpUntil: string }>;
}

interface Deps {
  readonly db: Db;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly limits: ProofLimits;
  readonly secondFactor: SecondFactor;
}

/** Who left a screen unlocked, or lost a cookie, loses no money by it: what matters asks once more who is there. */
export function createStepUpService(deps: Deps): StepUpService {
  const { db, transact, clock, limits } = deps;
  return {
    until: async (actor) => {
      const at = await findStepUp(db, actor.tokenId);
      return at !== null && at > clock.now() ? at.toISOString() : null;
    },
    stepUp: async (proof, actor, requestId) => {
      requireSession(actor);
      const operator = await findOperator(db, actor.id);
      if (operator === null) throw new AppError('unauthenticated', 'this session has ended');
      const attempt = { operatorId: actor.id, place: actor.tokenId, signedIn: true, code: proof.otp !== undefined };
      await limits.take(attempt);
      await check(deps, operator, proof);
      await limits.forgive(attempt);
      const until = new Date(clock.now().getTime() + STEP_UP_MS);
      await transact(async (tx) => {
        if (!(await extendStepUp(tx, { id: actor.tokenId, operatorId: actor.id }, until))) {
          throw new AppError('unauthenticated', 'this session has ended');
        }
        await appendAudit(tx, {
          actor: actor.id,
          action: 'operator.stepped_up',
          subjectType: 'operator',
          subjectId: actor.id,
          requestId,
        });
      });
      return { stepUpUntil: until.toISOString() };
    },
  };
}

async function check({ hasher, secondFactor }: Deps, operator: OperatorRow, { password, otp }: Proof): Promise<void> {
  if (password === undefined && !secondFactor.isOn(operator)) {
    throw invalidField('otp', 'two-factor authentication is off: send the password');
  }
  // The password first: a code is used up by being right.
  if (password !== undefined && !(await hasher.verify(operator.passwordHash, password))) {
    throw new AppError('forbidden', 'the password is wrong');
  }
  if (otp === undefined || !secondFactor.isOn(operator)) return;
  if ((await secondFactor.take(operator, otp)) === undefined) {
    throw new AppError('forbidden', 'the code is wrong, too old, or was used already');
  }
}
