import type { ApiTokenView, OperatorView } from '@turnpike/contracts/auth.js';
import type { SignInSessionView } from '@turnpike/contracts/sign-in-sessions.js';
import type { AuthTokenRow } from './auth-token.store.js';
import type { SignInSessionRow } from './sign-in-session.store.js';
import type { OperatorRow } from './operator.store.js';

export function toOperatorView(row: OperatorRow): OperatorView {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    sites: row.allSites ? null : [...row.sites],
    twoFactor: row.totpSecret !== null,
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

/** `currentId`: of the session that asks. */
export function toSignInSessionView(row: SignInSessionRow, currentId: string): SignInSessionView {
  return {
    id: row.id,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    userAgent: row.userAgent,
    ip: row.ip,
    current: row.id === currentId,
  };
}
