import type { Tx } from '@turnpike/db/database.js';
import { MAX_LOGIN_FAILURES } from '../routers/router-dialer.js';

export interface RotatingRouter {
  readonly id: string;
  readonly name: string;
  /** Sealed. */
  readonly radiusSecret: string;
  readonly previousRadiusSecret: string | null;
  /** Whether we may hope to log in there. */
  readonly reachable: boolean;
  /** Whether a packet was made with the current secret since it is the current one. */
  readonly currentUsed: boolean;
}

/** The router, locked until the transaction ends; undefined when there is none. */
export async function lockRotatingRouter(tx: Tx, routerId: string): Promise<RotatingRouter | undefined> {
  const rows = await tx.$queryRaw<RotatingRouter[]>`
    SELECT r.id::text AS id, r.name, r.radius_secret AS "radiusSecret", r.previous_radius_secret AS "previousRadiusSecret",
           r.address IS NOT NULL AND r.login_failures < ${MAX_LOGIN_FAILURES} AS reachable,
           coalesce(a.current_used_at >= r.secret_rotated_at, false) AS "currentUsed"
    FROM router r LEFT JOIN nas_activity a ON a.router_id = r.id
    WHERE r.id = ${routerId}::uuid AND r.deleted_at IS NULL
    FOR UPDATE OF r`;
  return rows[0];
}

export interface NewSecrets {
  /** Sealed, both. */
  readonly current: string;
  readonly previous: string;
  /** The secret that becomes the previous one is the one that was current. */
  readonly currentBecomesPrevious: boolean;
  readonly at: Date;
}

export async function storeSecrets(tx: Tx, routerId: string, secrets: NewSecrets): Promise<void> {
  await tx.router.update({
    where: { id: routerId },
    data: { radiusSecret: secrets.current, previousRadiusSecret: secrets.previous, secretRotatedAt: secrets.at },
  });
  // When which secret was used moves along with the secrets.
  await tx.$executeRaw`
    UPDATE nas_activity SET
      previous_used_at = CASE WHEN ${secrets.currentBecomesPrevious} THEN current_used_at ELSE previous_used_at END,
      current_used_at = NULL
    WHERE router_id = ${routerId}::uuid`;
}

/**
 * Gives up the previous secrets of routers that use the current one and have not used the previous one since `before`,
 * nor had it replaced since. Gives the routers.
 */
export async function dropUnusedSecrets(tx: Tx, before: Date): Promise<{ id: string; name: string }[]> {
  return tx.$queryRaw<{ id: string; name: string }[]>`
    UPDATE router r SET previous_radius_secret = NULL, updated_at = now()
    FROM nas_activity a
    WHERE a.router_id = r.id AND r.previous_radius_secret IS NOT NULL
      AND a.current_used_at >= r.secret_rotated_at
      AND greatest(a.previous_used_at, r.secret_rotated_at) < ${before}
    RETURNING r.id::text AS id, r.name`;
}
