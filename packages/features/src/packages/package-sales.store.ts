import type { Tx } from '@turnpike/db/database.js';

export interface SalesRow {
  readonly packageId: string;
  readonly last30Days: number;
  readonly activeNow: number;
}

/** Of every package that sells, in one statement that reads indexes made for it and no table by rows. */
export async function countSales(tx: Tx, since: Date, now: Date): Promise<SalesRow[]> {
  return tx.$queryRaw<SalesRow[]>`
    WITH sold AS (
      SELECT package_id, count(*) AS sold, 0 AS active FROM payment
      WHERE settled_at >= ${since} AND state = 'succeeded' AND refunded_at IS NULL AND package_id IS NOT NULL
      GROUP BY package_id
      UNION ALL
      SELECT b.package_id, sum(v.redeemed), 0 FROM (
        SELECT batch_id, count(*) AS redeemed FROM voucher
        WHERE redeemed_at >= ${since} AND redeemed_at IS NOT NULL GROUP BY batch_id
      ) AS v JOIN voucher_batch b ON b.id = v.batch_id
      GROUP BY b.package_id
      UNION ALL
      SELECT package_id, 0, count(*) FROM entitlement WHERE state = 'active' AND ends_at > ${now} GROUP BY package_id
    )
    SELECT package_id::text AS "packageId", sum(sold)::int AS "last30Days", sum(active)::int AS "activeNow"
    FROM sold GROUP BY package_id`;
}
