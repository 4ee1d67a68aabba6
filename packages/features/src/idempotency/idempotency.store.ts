import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Db, Tx } from '@turnpike/db/database.js';
import type { IdempotencyBegin, IdempotencyStore } from '@turnpike/runtime/http/idempotency.js';

const KEEP_MS = 24 * 3_600_000;
/** Longer than any request may take: whoever has held a key for this long died with it. */
const STALE_MS = 60_000;

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  /** Bodies hold passwords, and a plain hash of one could be searched for: what is stored is keyed. */
  readonly secretBox: Pick<SecretBox, 'fingerprint'>;
}

/** Keys of writes and their answers, for 24 hours, in PostgreSQL so that every process answers a repeat alike. */
export function createIdempotencyStore({ db, clock, secretBox }: Deps): IdempotencyStore {
  return {
    begin: async (actorId, key, requestHash) => {
      const fingerprint = secretBox.fingerprint(requestHash);
      if (await claim(db, clock, { actorId, key, fingerprint })) return { kind: 'new' };
      return readAnswer(db, { actorId, key, fingerprint });
    },
    complete: async (actorId, key, status, body) => {
      // Raw, because Prisma's type for a JSON column does not take a value of unknown shape.
      await db.$executeRaw`
        UPDATE idempotency_key
        SET status = ${status}, body = ${JSON.stringify(body ?? null)}::jsonb, completed_at = ${clock.now()}
        WHERE actor = ${actorId} AND key = ${key} AND completed_at IS NULL`;
    },
    abandon: async (actorId, key) => {
      await db.idempotencyKey.deleteMany({ where: { actor: actorId, key, completedAt: null } });
    },
  };
}

interface Claim {
  readonly actorId: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** One statement, so that of many equal requests at once exactly one gets the key. */
async function claim(db: Db, clock: Clock, { actorId, key, fingerprint }: Claim): Promise<boolean> {
  const now = clock.now();
  const expired = new Date(now.getTime() - KEEP_MS);
  const stale = new Date(now.getTime() - STALE_MS);
  const rows = await db.$executeRaw`
    INSERT INTO idempotency_key AS held (actor, key, request_hash, created_at)
    VALUES (${actorId}, ${key}, ${fingerprint}, ${now})
    ON CONFLICT (actor, key) DO UPDATE
      SET request_hash = excluded.request_hash, created_at = excluded.created_at,
        status = NULL, body = NULL, completed_at = NULL
      WHERE held.created_at < ${expired}
        OR (held.completed_at IS NULL AND held.created_at < ${stale} AND held.request_hash = excluded.request_hash)`;
  return rows === 1;
}

async function readAnswer(db: Db, { actorId, key, fingerprint }: Claim): Promise<IdempotencyBegin> {
  const row = await db.idempotencyKey.findUnique({ where: { actor_key: { actor: actorId, key } } });
  // The holder gave the key back between the two statements: the caller is told to try again.
  if (row === null) return { kind: 'in_progress' };
  if (row.requestHash !== fingerprint) return { kind: 'mismatch' };
  return row.status === null ? { kind: 'in_progress' } : { kind: 'replay', status: row.status, body: row.body };
}

/** For housekeeping; gives the number removed. */
export async function removeExpiredIdempotencyKeys(tx: Tx, now: Date): Promise<number> {
  const { count } = await tx.idempotencyKey.deleteMany({
    where: { createdAt: { lt: new Date(now.getTime() - KEEP_MS) } },
  });
  return count;
}
