import type { Tx } from '@turnpike/db/database.js';

export interface DueNotice {
  readonly dedupKey: string;
  readonly customerId: string;
  readonly msisdn: string | null;
  readonly email: string | null;
  readonly language: string;
  readonly packageName: string;
  readonly endsAt: Date;
  readonly percent: number;
}

/**
 * Entitlements that end soon: within 2 hours when they ran for longer than a day, else within the last tenth of their time.
 * Not those whose customer has another one that goes on, or wants no notices, or has been told of this end. The index on
 * state and end bounds it to what ends within 144 minutes.
 */
export async function listExpiring(tx: Tx, now: Date, limit: number): Promise<DueNotice[]> {
  return tx.$queryRaw<DueNotice[]>`
    WITH due AS (
      SELECT e.customer_id, e.package_name, e.ends_at,
             concat('expiring:', e.id, ':', extract(epoch FROM e.ends_at)::bigint) AS key
      FROM entitlement e
      WHERE e.state = 'active' AND e.valid_for_seconds IS NULL
        AND e.ends_at > ${now} AND e.ends_at <= ${now}::timestamptz + interval '144 minutes'
        AND e.ends_at <= ${now}::timestamptz + CASE
              WHEN e.ends_at - e.starts_at > interval '1 day' THEN interval '2 hours'
              ELSE (e.ends_at - e.starts_at) / 10 END
    )
    SELECT due.key AS "dedupKey", c.id::text AS "customerId", c.msisdn, c.email, c.language,
           due.package_name AS "packageName", due.ends_at AS "endsAt", 0 AS percent
    FROM due JOIN customer c ON c.id = due.customer_id
    WHERE c.notices AND c.status = 'active' AND c.erased_at IS NULL AND coalesce(c.msisdn, c.email) IS NOT NULL
      AND NOT EXISTS (SELECT FROM notification n WHERE n.dedup_key = due.key)
      AND NOT EXISTS (SELECT FROM entitlement o WHERE o.customer_id = due.customer_id
                        AND o.state IN ('active', 'pending') AND o.ends_at > due.ends_at)
    ORDER BY due.ends_at
    LIMIT ${limit}`;
}

/**
 * Entitlements of whose data or time online 80 % is used, or all of it within the last hour. Their limits are part of the
 * key: who buys more is told again. The index on state and end bounds it to entitlements whose time is not over.
 */
export async function listUsed(tx: Tx, now: Date, limit: number): Promise<DueNotice[]> {
  return tx.$queryRaw<DueNotice[]>`
    WITH used AS (
      SELECT e.id, e.customer_id, e.package_name, e.ends_at,
             concat(e.quota_octets, '/', e.online_seconds) AS limits,
             CASE WHEN e.state = 'exhausted' THEN 100 ELSE 80 END AS percent
      FROM entitlement e
      WHERE e.ends_at > ${now} AND (
        (e.state = 'active' AND (e.used_octets >= e.quota_octets::numeric * 0.8 OR e.used_seconds >= e.online_seconds::numeric * 0.8))
        OR (e.state = 'exhausted' AND EXISTS (SELECT FROM session s WHERE s.entitlement_id = e.id
              AND s.last_seen_at > ${now}::timestamptz - interval '1 hour')))
    ), due AS (SELECT *, concat('usage:', id, ':', percent, ':', limits) AS key FROM used)
    SELECT due.key AS "dedupKey", c.id::text AS "customerId", c.msisdn, c.email, c.language,
           due.package_name AS "packageName", due.ends_at AS "endsAt", due.percent
    FROM due JOIN customer c ON c.id = due.customer_id
    WHERE c.notices AND c.status = 'active' AND c.erased_at IS NULL AND coalesce(c.msisdn, c.email) IS NOT NULL
      AND NOT EXISTS (SELECT FROM notification n WHERE n.dedup_key = due.key)
    ORDER BY due.ends_at
    LIMIT ${limit}`;
}
