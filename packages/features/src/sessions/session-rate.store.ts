import type { Rate, RateTerms } from '@turnpike/core/fair-use.js';
import type { Tx } from '@turnpike/db/database.js';

/** What an entitlement says of rates. */
export async function findRateTerms(tx: Tx, entitlementId: string): Promise<RateTerms | undefined> {
  const rows = await tx.$queryRaw<RateTerms[]>`
    SELECT down_kbps AS "downKbps", up_kbps AS "upKbps", fair_use AS "fairUse", burst
    FROM entitlement WHERE id = ${entitlementId}::uuid`;
  return rows[0];
}

/** Ids of running sessions whose NAS was last told another step, but for those that are being told this one. */
export async function findToldOtherwise(tx: Tx, entitlementId: string, step: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT s.id::text AS id FROM session s
    WHERE s.entitlement_id = ${entitlementId}::uuid AND s.state IN ('open', 'stale') AND s.fair_use_step <> ${step}::int
      AND NOT EXISTS (
        SELECT FROM session_command c
        WHERE c.session_id = s.id AND c.kind = 'rate' AND c.state IN ('queued', 'sent')
          AND (c.params->>'fairUseStep')::int = ${step}::int)
    ORDER BY s.key`;
  return rows.map((row) => row.id);
}

/** A rate that a NAS is still to be told. */
export interface RateToTell extends RateTerms {
  readonly sessionId: string;
  /** The step that usage has come to; null: `chosen` is wanted, and the terms say nothing. */
  readonly step: number | null;
  /** What somebody ordered. */
  readonly chosen: Rate | null;
}

/**
 * Open sessions whose NAS was last told another fair-use step than usage has come to, and those for which a rate that
 * somebody chose within a day was not answered; none that has an order under way or had one within `waitSeconds`.
 */
export async function findRatesToTell(tx: Tx, waitSeconds: number, limit: number): Promise<RateToTell[]> {
  return [...(await findWrongSteps(tx, waitSeconds, limit)), ...(await findUnansweredRates(tx, waitSeconds, limit))];
}

async function findWrongSteps(tx: Tx, waitSeconds: number, limit: number): Promise<RateToTell[]> {
  return tx.$queryRaw<RateToTell[]>`
    SELECT s.id::text AS "sessionId", e.down_kbps AS "downKbps", e.up_kbps AS "upKbps", e.fair_use AS "fairUse",
           e.burst, wanted.step AS step, NULL AS chosen
    FROM session s
    JOIN entitlement e ON e.id = s.entitlement_id AND e.state = 'active' AND jsonb_typeof(e.fair_use) = 'array'
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS step
      FROM jsonb_array_elements(CASE WHEN jsonb_typeof(e.fair_use) = 'array' THEN e.fair_use ELSE '[]' END) f
      WHERE (f->>'afterOctets')::numeric <= e.used_octets
    ) wanted
    WHERE s.state = 'open' AND wanted.step <> s.fair_use_step
      AND NOT EXISTS (
        SELECT FROM session_command c
        WHERE c.session_id = s.id AND c.kind = 'rate'
          AND coalesce(c.finished_at, now()) >= now() - make_interval(secs => ${waitSeconds}::float8))
    ORDER BY s.id LIMIT ${limit}`;
}

async function findUnansweredRates(tx: Tx, waitSeconds: number, limit: number): Promise<RateToTell[]> {
  return tx.$queryRaw<RateToTell[]>`
    SELECT s.id::text AS "sessionId", 0 AS "downKbps", 0 AS "upKbps", NULL AS "fairUse", NULL AS burst, NULL AS step, c.params AS chosen
    FROM session_command c
    JOIN session s ON s.id = c.session_id AND s.state = 'open'
    WHERE c.state = 'unanswered' AND c.created_at > now() - interval '1 day' AND c.kind = 'rate'
      AND (c.params->>'fairUseStep') IS NULL
      AND c.finished_at < now() - make_interval(secs => ${waitSeconds}::float8)
      AND NOT EXISTS (
        SELECT FROM session_command n WHERE n.session_id = c.session_id AND n.kind = 'rate' AND n.id > c.id)
    ORDER BY s.id LIMIT ${limit}`;
}
