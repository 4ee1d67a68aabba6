import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import { hashToken, newToken } from '@turnpike/core/tokens.js';
import type { ApiTokenView } from '@turnpike/contracts/auth.js';
import type { Permission } from '@turnpike/contracts/permissions.js';
import type { Db, Transact } from '@turnpike/db/database.js';
import { mayActor, type Actor } from '@turnpike/runtime/http/actor.js';
import { appendAudit } from '../audit/audit.store.js';
import { insertAuthToken, listApiTokenRows, revokeAuthToken } from './auth-token.store.js';
import { toApiTokenView } from './operator.view.js';

export interface NewApiToken {
  readonly name: string;
  /** Empty: everything that the maker may do. */
  readonly scopes: readonly Permission[];
  readonly expiresAt?: string | undefined;
}

export interface ApiTokensService {
  /** Throws `validation_failed` for a cursor that is not ours. */
  list(actor: Actor, page: PageQuery): Promise<Page<ApiTokenView>>;
  /** Throws `forbidden` for a scope that the maker does not have. */
  create(input: NewApiToken, actor: Actor, requestId: string): Promise<ApiTokenView & { token: string }>;
  /** Throws `not_found`, also for a token of somebody else. */
  revoke(id: string, actor: Actor, requestId: string): Promise<void>;
}

interface Deps {
  readonly db: Db;
  readonly transact: Transact;
  readonly clock: Clock;
}

export function createApiTokensService({ db, transact, clock }: Deps): ApiTokensService {
  return {
    list: async (actor, { limit, cursor }) => {
      const rows = await listApiTokenRows(db, actor.id, { limit: limit + 1, before: cursorId(cursor) });
      return toPage(rows, limit, toApiTokenView);
    },
    create: (input, actor, requestId) =>
      transact(async (tx) => {
        const token = newToken('tpa');
        const row = await insertAuthToken(tx, {
          operatorId: actor.id,
          kind: 'api',
          name: input.name,
          hash: hashToken(token),
          scopes: scopesFor(input.scopes, actor),
          expiresAt: futureOrNone(input.expiresAt, clock.now()),
        });
        const details = { name: row.name, scopes: row.scopes, expiresAt: input.expiresAt };
        await appendAudit(tx, { ...subject('api_token.created', row.id, actor), requestId, details });
        return { ...toApiTokenView(row), token };
      }),
    revoke: (id, actor, requestId) =>
      transact(async (tx) => {
        const revoked = await revokeAuthToken(tx, { id, operatorId: actor.id, kind: 'api' }, clock.now());
        if (!revoked) throw new AppError('not_found', 'there is no such API token of yours');
        await appendAudit(tx, { ...subject('api_token.revoked', id, actor), requestId });
      }),
  };
}

/** A token never allows more than the token or session that made it. */
function scopesFor(asked: readonly Permission[], actor: Actor): readonly Permission[] {
  if (asked.length === 0) return actor.scopes;
  const excess = asked.filter((scope) => !mayActor(actor, scope));
  if (excess.length > 0)
    throw new AppError('forbidden', `you cannot give away what you may not do: ${excess.join(', ')}`);
  return [...new Set(asked)];
}

function futureOrNone(expiresAt: string | undefined, now: Date): Date | null {
  if (expiresAt === undefined) return null;
  const at = new Date(expiresAt);
  if (!(at > now)) throw invalidField('expiresAt', 'must be in the future');
  return at;
}

function subject(action: string, id: string, actor: Actor) {
  return { actor: actor.id, action, subjectType: 'api_token', subjectId: id };
}
