import type { Tx } from '@turnpike/db/database.js';

export interface PaidPhone {
  readonly paymentId: string;
  readonly settledAt: Date;
  /** Null: not yet. */
  readonly onlineAt: Date | null;
}

/**
 * Payments since then of phones that stand at a router and were not online when they paid, and when their customer's next
 * session began. Money that a person resolved is not among them: nobody waits there any more.
 */
export async function paidSince(tx: Tx, since: Date): Promise<PaidPhone[]> {
  return tx.$queryRaw<PaidPhone[]>`
    SELECT p.id::text AS "paymentId", p.settled_at AS "settledAt", (
      SELECT min(s.started_at) FROM session s
      WHERE s.customer_id = p.customer_id AND s.started_at >= p.settled_at - interval '2 seconds') AS "onlineAt"
    FROM payment p
    WHERE p.settled_at >= ${since} AND p.state = 'succeeded' AND p.purpose = 'package' AND p.provider = 'mpesa'
      AND p.mac IS NOT NULL AND p.customer_id IS NOT NULL AND p.created_by = 'portal'
      AND p.settled_at < p.created_at + interval '5 minutes'
      AND NOT EXISTS (
        SELECT FROM session s
        WHERE s.customer_id = p.customer_id AND s.started_at < p.settled_at - interval '2 seconds'
          AND (s.stopped_at IS NULL OR s.stopped_at > p.settled_at))`;
}
