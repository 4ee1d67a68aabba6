import type { Tx } from '@turnpike/db/database.js';

/** Whom a session is booked on. */
export interface Booking {
  readonly customerId: string;
  readonly entitlementId: string | null;
}

/** Bookings by entitlement id, for those entitlements that exist. */
export async function bookingsOfEntitlements(tx: Tx, ids: readonly string[]): Promise<Map<string, Booking>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ entitlementId: string; customerId: string }[]>`
    SELECT id::text AS "entitlementId", customer_id::text AS "customerId" FROM entitlement
    WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR KEY SHARE`;
  return new Map(rows.map((row) => [row.entitlementId, row]));
}

/**
 * For sessions whose packets carry no token of ours: by User-Name and time of start. Gives bookings by session key; an
 * entitlement that ran when the session started, the one in force first.
 */
export async function bookingsByUsername(
  tx: Tx,
  sessions: readonly { key: string; username: string; startedAt: number }[],
): Promise<Map<string, Booking>> {
  if (sessions.length === 0) return new Map();
  const asked = sessions.map(({ key, username, startedAt }) => ({ key, username, startedAt }));
  const rows = await tx.$queryRaw<(Booking & { key: string })[]>`
    SELECT DISTINCT ON (r.key) r.key, c.id::text AS "customerId", e.id::text AS "entitlementId"
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) AS r(key text, username text, "startedAt" bigint)
    JOIN customer c ON c.username = r.username
    LEFT JOIN entitlement e ON e.customer_id = c.id AND e.state <> 'refunded'
      AND e.starts_at <= to_timestamp(r."startedAt" / 1000.0) + interval '1 minute'
      AND e.ends_at > to_timestamp(r."startedAt" / 1000.0)
    ORDER BY r.key, (e.state = 'active') DESC NULLS LAST, e.ends_at, e.id`;
  return new Map(rows.map((row) => [row.key, row]));
}

export interface UsageDelta {
  readonly entitlementId: string;
  readonly octets: bigint;
  readonly seconds: bigint;
}

export interface Usage {
  readonly entitlementId: string;
  readonly quotaOctets: bigint | null;
  readonly usedOctets: bigint;
}

/** Adds what sessions have used since they were last booked. */
export async function addUsage(tx: Tx, deltas: readonly UsageDelta[]): Promise<Usage[]> {
  if (deltas.length === 0) return [];
  const rows = deltas.map(({ entitlementId, octets, seconds }) => ({
    id: entitlementId,
    octets: octets.toString(),
    seconds: seconds.toString(),
  }));
  // Locked in one order first: an UPDATE with a join locks in whatever order the plan gives.
  await tx.$queryRaw`
    SELECT id::text FROM entitlement WHERE id = ANY(${rows.map((row) => row.id)}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
  return tx.$queryRaw<Usage[]>`
    UPDATE entitlement e SET used_octets = e.used_octets + r.octets, used_seconds = e.used_seconds + r.seconds
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id uuid, octets bigint, seconds bigint)
    WHERE e.id = r.id
    RETURNING e.id::text AS "entitlementId", e.quota_octets AS "quotaOctets", e.used_octets AS "usedOctets"`;
}

/** Ends those active entitlements whose data is used up. */
export async function exhaustOverQuota(
  tx: Tx,
  ids: readonly string[],
): Promise<{ entitlementId: string; customerId: string }[]> {
  if (ids.length === 0) return [];
  return tx.$queryRaw<{ entitlementId: string; customerId: string }[]>`
    UPDATE entitlement SET state = 'exhausted'
    WHERE id = ANY(${[...ids]}::uuid[]) AND state = 'active' AND used_octets >= quota_octets
    RETURNING id::text AS "entitlementId", customer_id::text AS "customerId"`;
}
