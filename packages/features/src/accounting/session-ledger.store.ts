import type { Tx } from '@turnpike/db/database.js';
import type { SessionFacts, SessionUpdate } from './session-merge.js';

/** A session row as the merge needs it. */
export interface LedgerRow extends SessionFacts {
  readonly id: string;
  readonly key: string;
  readonly username: string;
  readonly entitlementId: string | null;
}

export interface NewSession {
  readonly id: string;
  readonly update: SessionUpdate;
  readonly customerId: string | null;
  readonly entitlementId: string | null;
}

/** Ids of those routers that exist; they cannot be deleted before the transaction ends. */
export async function holdRouters(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM router WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR KEY SHARE`;
  return new Set(rows.map((row) => row.id));
}

/** The rows of these keys, locked in one order everywhere so that two drains never wait for each other in a circle. */
export async function lockSessions(tx: Tx, keys: readonly string[]): Promise<LedgerRow[]> {
  const rows = await tx.$queryRaw<StoredRow[]>`
    SELECT id::text AS id, key, username, entitlement_id::text AS "entitlementId", state::text AS state,
           framed_ip_address AS "framedIpAddress", calling_station_id AS "callingStationId",
           called_station_id AS "calledStationId", nas_port_id AS "nasPortId", started_at AS "startedAt",
           last_seen_at AS "lastSeenAt", stopped_at AS "stoppedAt", session_seconds AS "sessionSeconds",
           input_octets AS "inputOctets", output_octets AS "outputOctets", terminate_cause AS "terminateCause"
    FROM session WHERE key = ANY(${[...keys]}) ORDER BY key FOR UPDATE`;
  return rows.map(ledgerRow);
}

interface StoredRow extends Omit<LedgerRow, 'startedAt' | 'lastSeenAt' | 'stoppedAt'> {
  readonly startedAt: Date;
  readonly lastSeenAt: Date;
  readonly stoppedAt: Date | null;
}

function ledgerRow(row: StoredRow): LedgerRow {
  return {
    ...row,
    startedAt: row.startedAt.getTime(),
    lastSeenAt: row.lastSeenAt.getTime(),
    stoppedAt: row.stoppedAt?.getTime() ?? null,
  };
}

/** Opens sessions with nothing counted yet; one that another drain has opened meanwhile stays as it is. */
export async function openSessions(tx: Tx, sessions: readonly NewSession[]): Promise<void> {
  const rows = sessions.map(({ id, update, customerId, entitlementId }) => ({
    ...measuresForJson(update),
    id,
    key: update.key,
    acctSessionId: update.acctSessionId,
    routerId: update.routerId,
    customerId,
    entitlementId,
    username: update.username,
  }));
  await tx.$executeRaw`
    INSERT INTO session (id, key, acct_session_id, router_id, customer_id, entitlement_id, username, framed_ip_address,
                         calling_station_id, called_station_id, nas_port_id, state, started_at, last_seen_at)
    SELECT r.id, r.key, r."acctSessionId", r."routerId", r."customerId", r."entitlementId", r.username,
           r."framedIpAddress", r."callingStationId", r."calledStationId", r."nasPortId", 'open',
           to_timestamp(r."startedAt" / 1000.0), to_timestamp(r."lastSeenAt" / 1000.0)
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
      id uuid, key text, "acctSessionId" text, "routerId" uuid, "customerId" uuid, "entitlementId" uuid, username text,
      "framedIpAddress" text, "callingStationId" text, "calledStationId" text, "nasPortId" text,
      "startedAt" bigint, "lastSeenAt" bigint)
    ORDER BY r.key
    ON CONFLICT (key) DO NOTHING`;
}

export async function saveSessions(
  tx: Tx,
  changed: readonly (SessionFacts & { readonly id: string })[],
): Promise<void> {
  const rows = changed.map((row) => ({
    ...measuresForJson(row),
    id: row.id,
    state: row.state,
    stoppedAt: row.stoppedAt,
    terminateCause: row.terminateCause,
  }));
  await tx.$executeRaw`
    UPDATE session s SET
      state = r.state::"SessionState", framed_ip_address = r."framedIpAddress",
      calling_station_id = r."callingStationId", called_station_id = r."calledStationId", nas_port_id = r."nasPortId",
      started_at = to_timestamp(r."startedAt" / 1000.0), last_seen_at = to_timestamp(r."lastSeenAt" / 1000.0),
      stopped_at = to_timestamp(r."stoppedAt" / 1000.0), terminate_cause = r."terminateCause",
      session_seconds = r."sessionSeconds", input_octets = r."inputOctets", output_octets = r."outputOctets"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
      id uuid, state text, "framedIpAddress" text, "callingStationId" text, "calledStationId" text, "nasPortId" text,
      "startedAt" bigint, "lastSeenAt" bigint, "stoppedAt" bigint, "terminateCause" int, "sessionSeconds" int,
      "inputOctets" bigint, "outputOctets" bigint)
    WHERE s.id = r.id`;
}

function measuresForJson(row: Omit<SessionFacts, 'state' | 'stoppedAt' | 'terminateCause'>) {
  return {
    framedIpAddress: row.framedIpAddress,
    callingStationId: row.callingStationId,
    calledStationId: row.calledStationId,
    nasPortId: row.nasPortId,
    startedAt: row.startedAt,
    lastSeenAt: row.lastSeenAt,
    sessionSeconds: row.sessionSeconds,
    inputOctets: row.inputOctets.toString(),
    outputOctets: row.outputOctets.toString(),
  };
}

export interface ClosedSession {
  readonly id: string;
  readonly key: string;
  readonly username: string;
  readonly entitlementId: string | null;
  readonly callingStationId: string | null;
}

/** After Accounting-On or -Off nothing of before runs any more: sessions end where they were last heard of. */
export async function closeSessionsOfRouter(
  tx: Tx,
  routerId: string,
  startedBefore: Date,
  cause: number,
): Promise<ClosedSession[]> {
  return tx.$queryRaw<ClosedSession[]>`
    UPDATE session SET state = 'closed', stopped_at = last_seen_at, terminate_cause = ${cause}::int
    WHERE router_id = ${routerId}::uuid AND state IN ('open', 'closing', 'stale') AND started_at <= ${startedBefore}
    RETURNING id::text AS id, key, username, entitlement_id::text AS "entitlementId",
              calling_station_id AS "callingStationId"`;
}
