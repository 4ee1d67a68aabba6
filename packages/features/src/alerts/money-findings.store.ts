import type { Tx } from '@turnpike/db/database.js';

export interface Share {
  readonly failed: number;
  readonly all: number;
}

/**
 * M-Pesa payments begun since then that have ended. What their payers gave up themselves, or lacked the money or the PIN for,
 * says nothing of the system and is left out.
 */
export async function shareOfFailed(tx: Tx, since: Date, payersOwn: readonly string[]): Promise<Share> {
  const [row] = await tx.$queryRaw<Share[]>`
    SELECT count(*)::int AS all, (count(*) FILTER (WHERE state IN ('failed', 'timed_out')))::int AS failed
    FROM payment
    WHERE created_at >= ${since} AND provider = 'mpesa' AND state IN ('succeeded', 'review', 'failed', 'timed_out')
      AND (state <> 'failed' OR result_code IS NULL OR result_code <> ALL(${[...payersOwn]}::text[]))`;
  return row ?? { failed: 0, all: 0 };
}

export interface Waiting {
  readonly count: number;
  readonly oldest: Date | null;
}

/** Payments that nobody knows the end of, and payments that wait for a person. */
export async function countWaiting(tx: Tx, what: 'open' | 'review'): Promise<Waiting> {
  const [row] =
    what === 'open'
      ? await tx.$queryRaw<Waiting[]>`
          SELECT count(*)::int AS count, min(created_at) AS oldest FROM payment WHERE state IN ('created', 'requested')`
      : await tx.$queryRaw<Waiting[]>`
          SELECT count(*)::int AS count, min(created_at) AS oldest FROM payment WHERE state = 'review'`;
  return row ?? { count: 0, oldest: null };
}

export interface Reach {
  /** Requests without an answer after the last that had one. */
  readonly failed: number;
  /** All that were made. */
  readonly asked: number;
}

/** M-Pesa requests made since then; `not_asked` and `http_...` are what a failure is noted as when M-Pesa could not be asked. */
export async function reachOfMpesa(tx: Tx, since: Date): Promise<Reach> {
  const [row] = await tx.$queryRaw<Reach[]>`
    WITH asked AS (
      SELECT requested_at, provider_request_id IS NULL
               AND (state IN ('requested', 'timed_out') AND detail IS NOT NULL
                    OR state = 'failed' AND (result_code = 'not_asked' OR result_code LIKE 'http\\_5%')) AS lost
      FROM payment WHERE created_at >= ${since} AND provider = 'mpesa' AND requested_at IS NOT NULL)
    SELECT count(*)::int AS asked,
           (count(*) FILTER (WHERE lost AND requested_at > coalesce(
              (SELECT max(requested_at) FROM asked WHERE NOT lost), '-infinity')))::int AS failed
    FROM asked`;
  return row ?? { failed: 0, asked: 0 };
}

/** SMS begun since then that were sent, or were tried and not taken. */
export async function shareOfLostSms(tx: Tx, since: Date): Promise<Share> {
  const [row] = await tx.$queryRaw<Share[]>`
    SELECT count(*)::int AS all, (count(*) FILTER (WHERE state <> 'sent'))::int AS failed
    FROM notification
    WHERE state IN ('sent', 'failed', 'queued') AND created_at >= ${since} AND channel = 'sms'
      AND (state <> 'queued' OR error IS NOT NULL)`;
  return row ?? { failed: 0, all: 0 };
}
