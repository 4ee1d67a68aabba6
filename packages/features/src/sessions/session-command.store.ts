import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '@turnpike/db/database.js';
import type { SessionCommand } from '@turnpike/db/generated/client.js';

export type SessionCommandRow = SessionCommand;
export type CommandOutcome = 'acknowledged' | 'already_gone' | 'refused' | 'unanswered';

/** A session that may be ended, locked. */
export interface EndableSession {
  readonly id: string;
  readonly username: string;
  /** Of a command that is still under way. */
  readonly openCommandId: string | null;
}

/** What ends: one session, those of an entitlement, or those of a customer. */
export interface SessionSelection {
  readonly sessionId?: string | undefined;
  readonly entitlementId?: string | undefined;
  readonly customerId?: string | undefined;
}

/** Sessions that run as far as we know, locked in order of their keys like everywhere. */
export async function lockRunningSessions(tx: Tx, selection: SessionSelection): Promise<EndableSession[]> {
  const { sessionId = null, entitlementId = null, customerId = null } = selection;
  return tx.$queryRaw<EndableSession[]>`
    SELECT s.id::text AS id, s.username,
           (SELECT c.id::text FROM session_command c
            WHERE c.session_id = s.id AND c.state IN ('queued', 'sent') ORDER BY c.created_at DESC LIMIT 1) AS "openCommandId"
    FROM session s
    WHERE s.state IN ('open', 'closing', 'stale')
      AND (s.id = ${sessionId}::uuid OR s.entitlement_id = ${entitlementId}::uuid OR s.customer_id = ${customerId}::uuid)
    ORDER BY s.key FOR UPDATE OF s`;
}

export async function insertDisconnectCommand(
  tx: Tx,
  input: { sessionId: string; reason: string; requestedBy: string },
): Promise<string> {
  const id = uuidv7();
  await tx.sessionCommand.create({ data: { id, kind: 'disconnect', ...input } });
  return id;
}

export async function findCommandRow(tx: Tx, id: string): Promise<SessionCommandRow | null> {
  return tx.sessionCommand.findUnique({ where: { id } });
}

/** A command with what the NAS must be told. */
export interface CommandWork {
  readonly id: string;
  readonly state: SessionCommandRow['state'];
  readonly sessionId: string;
  readonly sessionState: 'open' | 'closing' | 'closed' | 'stale';
  readonly routerId: string;
  readonly customerId: string | null;
  readonly acctSessionId: string;
  readonly username: string;
  readonly framedIpAddress: string | null;
  readonly callingStationId: string | null;
}

export async function findCommandWork(tx: Tx, id: string): Promise<CommandWork | undefined> {
  const rows = await tx.$queryRaw<CommandWork[]>`
    SELECT c.id::text AS id, c.state::text AS state, s.id::text AS "sessionId", s.state::text AS "sessionState",
           s.router_id::text AS "routerId", s.customer_id::text AS "customerId", s.acct_session_id AS "acctSessionId", s.username,
           s.framed_ip_address AS "framedIpAddress", s.calling_station_id AS "callingStationId"
    FROM session_command c JOIN session s ON s.id = c.session_id
    WHERE c.id = ${id}::uuid`;
  return rows[0];
}

/** Claims the command for one attempt; false when it has come to an end meanwhile. */
export async function markSent(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.sessionCommand.updateMany({
    where: { id, state: { in: ['queued', 'sent'] } },
    data: { state: 'sent', attempts: { increment: 1 } },
  });
  return count === 1;
}

export async function finishCommand(
  tx: Tx,
  id: string,
  outcome: { state: CommandOutcome; errorCause: number | null; at: Date },
): Promise<void> {
  await tx.sessionCommand.updateMany({
    where: { id, state: { in: ['queued', 'sent'] } },
    data: { state: outcome.state, errorCause: outcome.errorCause, finishedAt: outcome.at },
  });
}

/** Commands whose job was lost: nobody will finish them any more. */
export async function giveUpLost(tx: Tx, olderThanSeconds: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE session_command SET state = 'unanswered', finished_at = now()
    WHERE state IN ('queued', 'sent') AND created_at < now() - make_interval(secs => ${olderThanSeconds}::float8)`;
}
