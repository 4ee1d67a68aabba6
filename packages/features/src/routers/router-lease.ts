import type { Tx } from '@turnpike/db/database.js';

/** Somebody else has the router now: whatever we were about to do there is theirs to do. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export interface Lease {
  readonly token: bigint;
  readonly holder: string;
  /** 0 when it has run out. */
  readonly remainingMs: number;
}

/*
 * One writer for each router. The database's own clock decides when a lease has run out; the token grows with every taking,
 * and each write made under the lease proves in its own transaction that its token is still the newest (fencing).
 */

/** Takes a lease that is free, has run out, or is already held in the same name; undefined: another has it. */
export async function takeLease(
  tx: Tx,
  routerId: string,
  holder: string,
  ttlMs: number,
): Promise<{ token: bigint } | undefined> {
  const rows = await tx.$queryRaw<{ token: bigint }[]>`
    INSERT INTO router_lease (router_id, token, holder, expires_at)
    VALUES (${routerId}::uuid, 1, ${holder}, clock_timestamp() + ${ttlMs}::int * interval '1 millisecond')
    ON CONFLICT (router_id) DO UPDATE
      SET token = router_lease.token + 1, holder = excluded.holder, expires_at = excluded.expires_at
      WHERE router_lease.holder IS NULL
         OR router_lease.holder = excluded.holder
         OR router_lease.expires_at < clock_timestamp()
    RETURNING token`;
  return rows[0];
}

/** False when the lease was taken by somebody else since. One that has run out but that nobody took is renewed. */
export async function renewLease(tx: Tx, routerId: string, token: bigint, ttlMs: number): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE router_lease SET expires_at = clock_timestamp() + ${ttlMs}::int * interval '1 millisecond'
    WHERE router_id = ${routerId}::uuid AND token = ${token} AND holder IS NOT NULL`;
  return count === 1;
}

/** Does nothing when somebody else has taken it. */
export async function releaseLease(tx: Tx, routerId: string, token: bigint): Promise<void> {
  await tx.$executeRaw`
    UPDATE router_lease SET holder = NULL WHERE router_id = ${routerId}::uuid AND token = ${token}`;
}

/** Throws LeaseLostError when the token is not the newest; otherwise nobody can take the lease until `tx` has ended. */
export async function assertLease(tx: Tx, routerId: string, token: bigint): Promise<void> {
  const rows = await tx.$queryRaw<{ token: bigint }[]>`
    SELECT token FROM router_lease
    WHERE router_id = ${routerId}::uuid AND token = ${token} AND holder IS NOT NULL
    FOR SHARE`;
  if (rows.length === 0) throw new LeaseLostError('the lease of the router was taken by another worker');
}

/** Who has the router at the moment, whether or not the time has run out; undefined when it is free. */
export async function currentLease(tx: Tx, routerId: string): Promise<Lease | undefined> {
  const rows = await tx.$queryRaw<{ token: bigint; holder: string; remaining: number }[]>`
    SELECT token, holder, GREATEST(0, EXTRACT(EPOCH FROM expires_at - clock_timestamp()) * 1000)::float8 AS remaining
    FROM router_lease WHERE router_id = ${routerId}::uuid AND holder IS NOT NULL`;
  const [row] = rows;
  return row === undefined ? undefined : { token: row.token, holder: row.holder, remainingMs: row.remaining };
}

/** The holder of a lease that has not run out. */
export async function leaseHolder(tx: Tx, routerId: string): Promise<string | undefined> {
  const lease = await currentLease(tx, routerId);
  return lease === undefined || lease.remainingMs <= 0 ? undefined : lease.holder;
}
