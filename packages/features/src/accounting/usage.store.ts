import type { FairUseStep } from '@turnpike/core/fair-use.js';
import type { Tx } from '@turnpike/db/database.js';
import type { ServiceType } from '@turnpike/db/generated/client.js';
import { plainArray, textArray } from './sql-array.js';

/** Whom a session is booked on. */
export interface Booking {
  readonly customerId: string;
  readonly entitlementId: string | null;
  /** What the entitlement is for. */
  readonly service: ServiceType | null;
  /** Rates depend on usage. */
  readonly hasSteps: boolean;
  /** It begins with a session on it. */
  readonly waits: boolean;
}

/** Bookings by entitlement id, for those entitlements that exist. */
export async function bookingsOfEntitlements(tx: Tx, ids: readonly string[]): Promise<Map<string, Booking>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.$queryRaw<(Booking & { entitlementId: string })[]>`
    SELECT id::text AS "entitlementId", customer_id::text AS "customerId", type::text AS service,
           fair_use IS NOT NULL AS "hasSteps", state = 'pending' AS waits
    FROM entitlement WHERE id = ANY(${plainArray(ids)}::uuid[])`;
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
  const rows = await tx.$queryRaw<(Booking & { key: string })[]>`
    SELECT DISTINCT ON (r.key) r.key, c.id::text AS "customerId", e.id::text AS "entitlementId",
           e.type::text AS service, e.fair_use IS NOT NULL AS "hasSteps",
           coalesce(e.state = 'pending', false) AS waits
    FROM unnest(
      ${textArray(sessions.map((session) => session.key))}::text[],
      ${textArray(sessions.map((session) => session.username))}::text[],
      ${plainArray(sessions.map((session) => session.startedAt / 1000))}::float8[]
    ) AS r(key, username, started)
    JOIN customer c ON c.username = r.username
    LEFT JOIN entitlement e ON e.customer_id = c.id AND e.state <> 'refunded'
      AND e.starts_at <= to_timestamp(r.started) + interval '1 minute' AND e.ends_at > to_timestamp(r.started)
    ORDER BY r.key, (e.state = 'active') DESC NULLS LAST, e.ends_at, e.id`;
  return new Map(rows.map((row) => [row.key, row]));
}

export interface UsageDelta {
  readonly entitlementId: string;
  readonly octets: bigint;
  readonly seconds: bigint;
}

/** Usage of an entitlement that has a limit of some kind. */
export interface Usage {
  readonly entitlementId: string;
  readonly quotaOctets: bigint | null;
  readonly usedOctets: bigint;
  readonly onlineSeconds: bigint | null;
  readonly usedSeconds: bigint;
  readonly fairUse: readonly FairUseStep[] | null;
}

/** Adds what sessions have used since they were last booked. Gives those entitlements that have limits, as they are now. */
export async function addUsage(tx: Tx, deltas: readonly UsageDelta[]): Promise<Usage[]> {
  if (deltas.length === 0) return [];
  const ids = plainArray(deltas.map((delta) => delta.entitlementId));
  // Locked in one order first: an UPDATE with a join locks in whatever order the plan gives.
  return tx.$queryRaw<Usage[]>`
    WITH held AS MATERIALIZED (
      SELECT id FROM entitlement WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE
    ), added AS (
      UPDATE entitlement e SET used_octets = e.used_octets + r.octets, used_seconds = e.used_seconds + r.seconds
      FROM held JOIN unnest(
        ${ids}::uuid[], ${plainArray(deltas.map((delta) => delta.octets))}::bigint[],
        ${plainArray(deltas.map((delta) => delta.seconds))}::bigint[]
      ) AS r(id, octets, seconds) ON r.id = held.id
      WHERE e.id = held.id
      RETURNING e.id, e.quota_octets, e.used_octets, e.online_seconds, e.used_seconds, e.fair_use
    )
    SELECT id::text AS "entitlementId", quota_octets AS "quotaOctets", used_octets AS "usedOctets",
           online_seconds AS "onlineSeconds", used_seconds AS "usedSeconds", fair_use AS "fairUse"
    FROM added WHERE quota_octets IS NOT NULL OR online_seconds IS NOT NULL OR fair_use IS NOT NULL`;
}

/** Usage of those that have fair-use steps. */
export async function fairUseOf(tx: Tx, ids: readonly string[]): Promise<Usage[]> {
  if (ids.length === 0) return [];
  return tx.$queryRaw<Usage[]>`
    SELECT id::text AS "entitlementId", quota_octets AS "quotaOctets", used_octets AS "usedOctets",
           online_seconds AS "onlineSeconds", used_seconds AS "usedSeconds", fair_use AS "fairUse"
    FROM entitlement WHERE id = ANY(${plainArray(ids)}::uuid[]) AND fair_use IS NOT NULL`;
}

export interface UsedUp {
  readonly entitlementId: string;
  readonly customerId: string;
  /** Of the purchase that it came from. */
  readonly traceparent: string | null;
  /** Data, not time online. */
  readonly ofData: boolean;
}

/** Ends those active entitlements whose data or time online is used up. */
export async function exhaustUsedUp(tx: Tx, ids: readonly string[]): Promise<UsedUp[]> {
  if (ids.length === 0) return [];
  return tx.$queryRaw<UsedUp[]>`
    UPDATE entitlement SET state = 'exhausted'
    WHERE id = ANY(${plainArray(ids)}::uuid[]) AND state = 'active'
      AND (used_octets >= quota_octets OR used_seconds >= online_seconds)
    RETURNING id::text AS "entitlementId", customer_id::text AS "customerId", traceparent,
              used_octets >= coalesce(quota_octets, 9223372036854775807) AS "ofData"`;
}
