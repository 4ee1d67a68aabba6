import type { Tx } from '@turnpike/db/database.js';

export interface RedeemedHour {
  /** `YYYY-MM-DD` of the time zone. */
  readonly day: string;
  /** 1 is Monday. */
  readonly weekday: number;
  readonly hour: number;
  readonly redeemed: number;
}

export interface RedeemedSite {
  readonly site: string | null;
  /** False: nobody has been online with it yet. */
  readonly isUsed: boolean;
  readonly redeemed: number;
}

/** By hour of the time zone, oldest first; a batch has at most 10,000 codes. */
export async function countRedeemedHours(tx: Tx, batchId: string, timeZone: string): Promise<RedeemedHour[]> {
  return tx.$queryRaw<RedeemedHour[]>`
    SELECT at::date::text AS day, extract(isodow FROM at)::int AS weekday, extract(hour FROM at)::int AS hour,
           count(*)::int AS redeemed
    FROM (SELECT redeemed_at AT TIME ZONE ${timeZone} AS at FROM voucher
          WHERE batch_id = ${batchId}::uuid AND state = 'redeemed' AND redeemed_at IS NOT NULL) AS redeemed
    GROUP BY 1, 2, 3 ORDER BY 1, 3`;
}

/**
 * By the site of the router where the time was first used: of the session that ran when the code was redeemed, or of the first
 * one after that.
 */
export async function countRedeemedSites(tx: Tx, batchId: string): Promise<RedeemedSite[]> {
  return tx.$queryRaw<RedeemedSite[]>`
    SELECT r.site, r.id IS NOT NULL AS "isUsed", count(*)::int AS redeemed
    FROM voucher v
    LEFT JOIN LATERAL (
      SELECT s.router_id FROM session s
      WHERE s.entitlement_id = v.entitlement_id AND (s.stopped_at IS NULL OR s.stopped_at >= v.redeemed_at)
      ORDER BY s.started_at LIMIT 1
    ) AS first ON TRUE
    LEFT JOIN router r ON r.id = first.router_id
    WHERE v.batch_id = ${batchId}::uuid AND v.state = 'redeemed'
    GROUP BY 1, 2 ORDER BY redeemed DESC, r.site NULLS LAST`;
}
