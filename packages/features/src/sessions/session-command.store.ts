import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '@turnpike/db/database.js';
import type { Prisma, SessionCommand } from '@turnpike/db/generated/client.js';

export type SessionCommandRow = SessionCommand;
export type CommandKind = 'disconnect' | 'rate' | 'limits';
export type CommandOutcome = 'acknowledged' | 'already_gone' | 'refused' | 'unanswered' | 'removed' | 'superseded';

export interface NewCommand {
  readonly sessionId: string;
  readonly kind: CommandKind;
  readonly params?: Prisma.InputJsonObject;
  readonly reason: string;
  readonly requestedBy: string;
}

/** Gives their ids, in the order of `commands`. */
export async function insertCommands(tx: Tx, commands: readonly NewCommand[]): Promise<string[]> {
  const rows = commands.map((command) => ({ id: uuidv7(), ...command }));
  if (rows.length > 0) await tx.sessionCommand.createMany({ data: rows });
  return rows.map((row) => row.id);
}

export async function findCommandRow(tx: Tx, id: string): Promise<SessionCommandRow | null> {
  return tx.sessionCommand.findUnique({ where: { id } });
}

/** A command with what the NAS must be told. */
export interface CommandWork {
  readonly id: string;
  readonly kind: CommandKind;
  readonly params: Prisma.JsonValue;
  readonly state: SessionCommandRow['state'];
  readonly sessionId: string;
  readonly sessionState: 'open' | 'closing' | 'closed' | 'stale';
  readonly routerId: string;
  readonly customerId: string | null;
  readonly acctSessionId: string;
  readonly username: string;
  readonly framedIpAddress: string | null;
  readonly callingStationId: string | null;
  readonly sessionSeconds: number;
  readonly lastSeenAt: Date;
  /** A newer order of the same kind about the same session is there. */
  readonly outdated: boolean;
}

export async function findCommandWorks(tx: Tx, ids: readonly string[]): Promise<CommandWork[]> {
  return tx.$queryRaw<CommandWork[]>`
    SELECT c.id::text AS id, c.kind, c.params, c.state::text AS state, s.id::text AS "sessionId",
           s.state::text AS "sessionState", s.router_id::text AS "routerId", s.customer_id::text AS "customerId",
           s.acct_session_id AS "acctSessionId", s.username, s.framed_ip_address AS "framedIpAddress",
           s.calling_station_id AS "callingStationId", s.session_seconds AS "sessionSeconds",
           s.last_seen_at AS "lastSeenAt",
           EXISTS (SELECT FROM session_command n WHERE n.session_id = c.session_id AND n.kind = c.kind AND n.id > c.id)
             AS outdated
    FROM session_command c JOIN session s ON s.id = c.session_id
    WHERE c.id = ANY(${[...ids]}::uuid[])`;
}

/** Claims commands for one attempt each; gives those that have not come to an end meanwhile. */
export async function markSent(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE session_command SET state = 'sent', attempts = attempts + 1
    WHERE id = ANY(${[...ids]}::uuid[]) AND state IN ('queued', 'sent')
    RETURNING id::text AS id`;
  return new Set(rows.map((row) => row.id));
}

export interface FinishedCommand {
  readonly id: string;
  readonly state: CommandOutcome;
  readonly errorCause: number | null;
  /** What the router said, or why nothing came of it; for people. */
  readonly detail: string | null;
  readonly at: Date;
}

/** Commands that have an outcome already keep it. */
export async function finishCommands(tx: Tx, finished: readonly FinishedCommand[]): Promise<void> {
  const rows = finished.map((row) => ({ ...row, at: row.at.toISOString() }));
  await tx.$executeRaw`
    UPDATE session_command c
    SET state = r.state::"SessionCommandState", error_cause = r."errorCause", detail = r.detail, finished_at = r.at
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
      id uuid, state text, "errorCause" int, detail text, at timestamptz)
    WHERE c.id = r.id AND c.state IN ('queued', 'sent')`;
}

/** The NAS has taken a rate: the sessions of these commands are at it from now on. */
export async function noteRates(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    WITH told AS (
      SELECT s.id, c.params FROM session_command c JOIN session s ON s.id = c.session_id
      WHERE c.id = ANY(${[...ids]}::uuid[]) ORDER BY s.key FOR NO KEY UPDATE OF s)
    UPDATE session s
    SET fair_use_step = coalesce((told.params->>'fairUseStep')::int, s.fair_use_step),
        rate_limit = coalesce(told.params->>'rateLimit',
                              concat(told.params->>'upKbps', 'k/', told.params->>'downKbps', 'k'))
    FROM told WHERE s.id = told.id`;
}

/** Commands whose job was lost: nobody will finish them any more. */
export async function giveUpLost(tx: Tx, olderThanSeconds: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE session_command
    SET state = 'unanswered', finished_at = now(), detail = 'the job that was to carry it out was lost'
    WHERE state IN ('queued', 'sent') AND created_at < now() - make_interval(secs => ${olderThanSeconds}::float8)`;
}

/** Whether the router of its session stands at one of the sites. */
export async function isSessionCommandAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  return (await tx.sessionCommand.count({ where: { id, session: { router: { site: { in: [...sites] } } } } })) > 0;
}
