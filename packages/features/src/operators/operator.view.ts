import type { ApiTokenView, OperatorView } from '@turnpike/contracts/auth.js';
import type { AuthTokenRow } from './auth-token.store.js';
import type { OperatorRow } from './operator.store.js';

export function toOperatorView(row: OperatorRow): OperatorView {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

export function toApiTokenView(row: AuthTokenRow): ApiTokenView {
  return {
    id: row.id,
    name: row.name,
    scopes: [...row.scopes],
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}
