import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db, Transact } from '@turnpike/db/database.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { appendAudit } from '../audit/audit.store.js';
import { revokeTokensOf } from './auth-token.store.js';
import { findOperator, replacePassword } from './operator.store.js';
import { requireSession } from './own-session.js';
import type { PasswordHasher } from './passwords.js';
import type { ProofLimits } from './proof-limits.js';

export interface PasswordChange {
  readonly current: string;
  readonly next: string;
}

export interface OwnPasswordService {
  /**
   * Ends the other sessions of the operator; API tokens were handed out one by one and stay. Throws `validation_failed` for a
   * wrong or unchanged password, `forbidden` to API tokens, `rate_limited` after some wrong ones, `conflict` when somebody
   * else changed it meanwhile.
   */
  change(change: PasswordChange, actor: Actor, requestId: string): Promise<void>;
}

interface Deps {
  readonly db: Db;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly limits: ProofLimits;
}

/** Tries are counted for the operator, not for the session: a new session must not bring new tries. */
const PLACE = 'own-password';

export function createOwnPasswordService({ db, transact, clock, hasher, limits }: Deps): OwnPasswordService {
  return {
    change: async ({ current, next }, actor, requestId) => {
      requireSession(actor);
      const operator = await findOperator(db, actor.id);
      if (operator === null) throw new AppError('unauthenticated', 'this session has ended');
      const attempt = { operatorId: actor.id, place: PLACE, signedIn: true, code: false };
      await limits.take(attempt);
      if (!(await hasher.verify(operator.passwordHash, current))) {
        throw invalidField('current', 'is not your password; type the one that you sign in with');
      }
      await limits.forgive(attempt);
      if (next === current) throw invalidField('next', 'is the one that you have: choose another');
      const hash = await hasher.hash(next);
      await transact(async (tx) => {
        if (!(await replacePassword(tx, { id: actor.id, from: operator.passwordHash, to: hash }))) {
          throw new AppError('conflict', 'your password was changed by somebody else at this moment: sign in with it');
        }
        const which = { operatorId: actor.id, kind: 'session', except: actor.tokenId } as const;
        const tokensRevoked = await revokeTokensOf(tx, which, clock.now());
        await appendAudit(tx, {
          actor: actor.id,
          action: 'operator.password_changed',
          subjectType: 'operator',
          subjectId: actor.id,
          requestId,
          details: { tokensRevoked },
        });
      });
    },
  };
}
