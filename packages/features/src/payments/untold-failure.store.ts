import type { Tx } from '@turnpike/db/database.js';

export interface UntoldFailure {
  readonly id: string;
  /** E.164 digits of who was asked. */
  readonly msisdn: string;
  readonly resultCode: string | null;
  /** Of the pages that it was bought on. */
  readonly language: string | null;
}

/**
 * Requests to phones that were made after `since`, failed before `before`, and whose payer has seen that on no page and did
 * not end it on the phone; none of which the phone has been asked again after it. The index on creation bounds it.
 */
export async function listUntoldFailures(
  tx: Tx,
  { since, before, notCode, limit }: { since: Date; before: Date; notCode: string; limit: number },
): Promise<UntoldFailure[]> {
  return tx.$queryRaw<UntoldFailure[]>`
    SELECT p.id::text AS id, p.msisdn, p.result_code AS "resultCode", p.language
    FROM payment p
    WHERE p.created_at > ${since} AND p.state = 'failed' AND p.failed_at <= ${before}
      AND p.provider = 'mpesa' AND p.msisdn IS NOT NULL
      AND p.failure_shown_at IS NULL AND p.result_code IS DISTINCT FROM ${notCode}
      AND NOT EXISTS (SELECT FROM payment q WHERE q.msisdn = p.msisdn AND q.created_at > p.created_at)
    ORDER BY p.created_at
    LIMIT ${limit}`;
}
