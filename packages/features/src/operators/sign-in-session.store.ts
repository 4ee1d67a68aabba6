import type { Tx } from '@turnpike/db/database.js';

export interface SignInSessionRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
  readonly expiresAt: Date;
  readonly userAgent: string;
  readonly ip: string;
}

/** Sessions that have neither expired nor been revoked, newest first. */
export async function listSignInSessionRows(
  tx: Tx,
  operatorId: string,
  now: Date,
  limit: number,
): Promise<SignInSessionRow[]> {
  return tx.$queryRaw<SignInSessionRow[]>`
    SELECT id::text AS id, created_at AS "createdAt", last_seen_at AS "lastSeenAt", expires_at AS "expiresAt",
      user_agent AS "userAgent", ip
    FROM auth_token
    WHERE operator_id = ${operatorId}::uuid AND kind = 'session' AND revoked_at IS NULL AND expires_at > ${now}
    ORDER BY id DESC LIMIT ${limit}`;
}
