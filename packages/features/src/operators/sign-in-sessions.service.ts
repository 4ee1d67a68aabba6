import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SignInSessionView } from '@turnpike/contracts/sign-in-sessions.js';
import type { Db, Transact } from '@turnpike/db/database.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { appendAudit } from '../audit/audit.store.js';
import { revokeAuthToken } from './auth-token.store.js';
import { findOperator } from './operator.store.js';
import { toSignInSessionView } from './operator.view.js';
import { listSignInSessionRows } from './sign-in-session.store.js';

export interface SignInSessions {
  readonly items: SignInSessionView[];
  readonly nextCursor: null;
}

export interface SignInSessionsService {
  /** Throws `not_found` when there is no such operator. */
  list(operatorId: string, by: Actor): Promise<SignInSessions>;
  /** Throws `not_found` for one that is not of this operator, or has ended; `forbidden` to API tokens. */
  revoke(which: { operatorId: string; id: string }, by: Actor, requestId: string): Promise<void>;
}

interface Deps {
  readonly db: Db;
  readonly transact: Transact;
  readonly clock: Clock;
}

const MOST_SHOWN = 200;

/** Where operators are signed in. */
export function createSignInSessionsService({ db, transact, clock }: Deps): SignInSessionsService {
  return {
    list: async (operatorId, by) => {
      if ((await findOperator(db, operatorId)) === null) throw new AppError('not_found', 'there is no such operator');
      const rows = await listSignInSessionRows(db, operatorId, clock.now(), MOST_SHOWN);
      return { items: rows.map((row) => toSignInSessionView(row, by.tokenId)), nextCursor: null };
    },
    revoke: ({ operatorId, id }, by, requestId) =>
      transact(async (tx) => {
        const revoked = await revokeAuthToken(tx, { id, operatorId, kind: 'session' }, clock.now());
        if (!revoked) throw new AppError('not_found', 'there is no such session; it may have ended already');
        await appendAudit(tx, {
          actor: by.id,
          action: 'operator.session_revoked',
          subjectType: 'operator',
          subjectId: operatorId,
          requestId,
          details: { sessionId: id },
        });
      }),
  };
}
