import type { Permission, Role } from '@turnpike/contracts/permissions.js';
import { permissions } from '@turnpike/contracts/permissions.js';
import type { Tx } from '@turnpike/db/database.js';

export interface AuthTokenRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Permission[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

export interface NewAuthToken {
  readonly operatorId: string;
  readonly kind: 'session' | 'api';
  readonly name: string;
  readonly hash: string;
  readonly scopes: readonly Permission[];
  readonly expiresAt: Date | null;
  readonly userAgent?: string;
  readonly ip?: string;
  readonly stepUpUntil?: Date | null;
}

/** A token that is neither revoked nor its operator disabled; `expiresAt` is for the caller to compare. */
export interface LiveToken {
  readonly id: string;
  readonly kind: 'session' | 'api';
  readonly scopes: readonly Permission[];
  readonly expiresAt: Date | null;
  readonly operatorId: string;
  readonly operatorName: string;
  readonly role: Role;
  readonly sites: readonly string[] | null;
  readonly stepUpUntil: Date | null;
  readonly lastSeenAt: Date | null;
}

const known: ReadonlySet<string> = new Set(permissions);

/** A scope that no longer exists allows nothing; left out of an otherwise scoped token it must not make it unscoped. */
function readScopes(stored: readonly string[]): Permission[] | undefined {
  const scopes = stored.filter((scope): scope is Permission => known.has(scope));
  return scopes.length === 0 && stored.length > 0 ? undefined : scopes;
}

export async function insertAuthToken(tx: Tx, token: NewAuthToken): Promise<AuthTokenRow> {
  const row = await tx.authToken.create({ data: { ...token, scopes: [...token.scopes] } });
  return { ...row, scopes: token.scopes };
}

export async function isKnownTokenHash(tx: Tx, hash: string): Promise<boolean> {
  return (await tx.authToken.count({ where: { hash } })) > 0;
}

export async function findLiveToken(tx: Tx, hash: string): Promise<LiveToken | undefined> {
  const [row] = await tx.$queryRaw<(Omit<LiveToken, 'scopes'> & { scopes: string[] })[]>`
    SELECT t.id::text AS id, t.kind::text AS kind, t.scopes, t.expires_at AS "expiresAt",
      t.step_up_until AS "stepUpUntil", t.last_seen_at AS "lastSeenAt",
      o.id::text AS "operatorId", o.name AS "operatorName", o.role::text AS role,
      CASE WHEN o.all_sites THEN NULL ELSE o.sites END AS sites
    FROM auth_token t JOIN operator o ON o.id = t.operator_id
    WHERE t.hash = ${hash} AND t.revoked_at IS NULL AND o.disabled_at IS NULL`;
  const scopes = row === undefined ? undefined : readScopes(row.scopes);
  return row === undefined || scopes === undefined ? undefined : { ...row, scopes };
}

/** Notes that a token was used at `at`, unless that was noted after `notSince` already. */
export async function noteTokenSeen(tx: Tx, id: string, at: Date, notSince: Date): Promise<void> {
  await tx.authToken.updateMany({
    where: { id, OR: [{ lastSeenAt: null }, { lastSeenAt: { lte: notSince } }] },
    data: { lastSeenAt: at },
  });
}

/** False when the session has ended. */
export async function extendStepUp(tx: Tx, which: { id: string; operatorId: string }, until: Date): Promise<boolean> {
  const { count } = await tx.authToken.updateMany({
    where: { ...which, kind: 'session', revokedAt: null },
    data: { stepUpUntil: until },
  });
  return count === 1;
}

export async function findStepUp(tx: Tx, tokenId: string): Promise<Date | null> {
  const row = await tx.authToken.findUnique({ where: { id: tokenId }, select: { stepUpUntil: true } });
  return row?.stepUpUntil ?? null;
}

/** Newest first. `before`: id of the last row of the page before. */
export async function listApiTokenRows(
  tx: Tx,
  operatorId: string,
  page: { limit: number; before: string | undefined },
): Promise<AuthTokenRow[]> {
  const rows = await tx.authToken.findMany({
    where: {
      operatorId,
      kind: 'api',
      revokedAt: null,
      ...(page.before === undefined ? {} : { id: { lt: page.before } }),
    },
    orderBy: { id: 'desc' },
    take: page.limit,
  });
  return rows.map((row) => ({ ...row, scopes: readScopes(row.scopes) ?? [] }));
}

/** False when there is no such token or it was revoked before. */
export async function revokeAuthToken(
  tx: Tx,
  which: { id: string; operatorId: string; kind?: 'session' | 'api' },
  at: Date,
): Promise<boolean> {
  const { count } = await tx.authToken.updateMany({ where: { ...which, revokedAt: null }, data: { revokedAt: at } });
  return count === 1;
}

/** Revokes all tokens of an operator, or only those of one kind; `except` stays. Gives the number revoked. */
export async function revokeTokensOf(
  tx: Tx,
  which: { operatorId: string; kind?: 'session' | 'api'; except?: string },
  at: Date,
): Promise<number> {
  const { count } = await tx.authToken.updateMany({
    where: {
      operatorId: which.operatorId,
      revokedAt: null,
      ...(which.kind === undefined ? {} : { kind: which.kind }),
      ...(which.except === undefined ? {} : { id: { not: which.except } }),
    },
    data: { revokedAt: at },
  });
  return count;
}

/** For housekeeping: tokens that ended before `before`. Gives the number removed. */
export async function removeEndedTokens(tx: Tx, before: Date): Promise<number> {
  const { count } = await tx.authToken.deleteMany({
    where: { OR: [{ expiresAt: { lt: before } }, { revokedAt: { lt: before } }] },
  });
  return count;
}
