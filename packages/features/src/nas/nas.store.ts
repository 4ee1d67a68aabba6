import type { Sql } from '@turnpike/db/sql.js';
import { Prisma } from '@turnpike/db/generated/client.js';

/** A router as RADIUS sees it, secrets sealed. */
export interface StoredNas {
  readonly id: string;
  /** Source address of its packets. */
  readonly address: string;
  readonly identifier: string | null;
  readonly site: string | null;
  readonly sealedSecret: string;
  readonly sealedPrevious: string | null;
  readonly rotatedAt: Date | null;
  /** Keyed hash of the secret that a deploy run gave the router. */
  readonly givenFingerprint: string | null;
  readonly policy: 'required' | 'optional' | 'learned';
  readonly rateLimit: number | null;
  /** Whether the newest packet was made with the current secret; null: none was seen since the last rotation. */
  readonly currentInUse: boolean | null;
  readonly signed: boolean;
  /** Its newest packet was made with a secret that is none of ours. */
  readonly mismatched: boolean;
}

/** Every NAS with a known address; until one is set, the management address is taken for it unless it is another's. */
export async function readStoredNases(sql: Sql): Promise<StoredNas[]> {
  return sql.$queryRaw<StoredNas[]>`${nases(KNOWN)} ORDER BY r.created_at, r.id`;
}

/** A hash over what `readStoredNases` gives: while it stays the same, reading everything again is not worth it. */
export async function readNasDigest(sql: Sql): Promise<string | null> {
  const rows = await sql.$queryRaw<{ digest: string | null }[]>`
    SELECT md5(string_agg(n::text, ',' ORDER BY n.id)) AS digest FROM (${nases(KNOWN)}) n`;
  return rows[0]?.digest ?? null;
}

/** One NAS, undefined when it is gone or has no address. */
export async function findStoredNas(sql: Sql, routerId: string): Promise<StoredNas | undefined> {
  const condition = Prisma.sql`r.id = ${routerId}::uuid AND coalesce(r.nas_address, r.address) IS NOT NULL`;
  return (await sql.$queryRaw<StoredNas[]>`${nases(condition)}`)[0];
}

const KNOWN = Prisma.sql`
  r.nas_address IS NOT NULL
  OR (r.address IS NOT NULL AND NOT EXISTS (SELECT FROM router o WHERE o.nas_address = r.address))`;

function nases(condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT r.id::text AS id, coalesce(r.nas_address, r.address) AS address, r.nas_identifier AS identifier, r.site,
           r.radius_secret AS "sealedSecret", r.previous_radius_secret AS "sealedPrevious",
           r.secret_rotated_at AS "rotatedAt", r.deployed_secret_fingerprint AS "givenFingerprint",
           r.message_authenticator::text AS policy, r.radius_rate_limit AS "rateLimit",
           CASE WHEN a.current_used_at IS NOT NULL
             THEN a.current_used_at >= coalesce(a.previous_used_at, '-infinity') END AS "currentInUse",
           a.signed_at IS NOT NULL AS signed,
           coalesce(a.last_mismatch_at > coalesce(greatest(a.current_used_at, a.previous_used_at), '-infinity'), false)
             AS mismatched
    FROM router r LEFT JOIN nas_activity a ON a.router_id = r.id
    WHERE ${condition}`;
}
