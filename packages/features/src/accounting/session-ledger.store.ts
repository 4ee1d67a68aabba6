import type { Tx } from '@turnpike/db/database.js';
import type { ServiceType } from '@turnpike/db/generated/client.js';
import type { SessionFacts, SessionUpdate } from './session-merge.js';
import { plainArray, textArray } from './sql-array.js';

/** A session row as the merge needs it. */
export interface LedgerRow extends SessionFacts {
  readonly id: string;
  readonly key: string;
  readonly username: string;
  readonly entitlementId: string | null;
  /** The NAS was last told the rate of this step. */
  readonly fairUseStep: number;
}

export interface NewSession {
  readonly row: LedgerRow;
  readonly update: SessionUpdate;
  readonly customerId: string | null;
  readonly service: ServiceType | null;
  /** The rate depends on usage. */
  readonly hasSteps: boolean;
  /** Its entitlement may begin with it. */
  readonly waits: boolean;
}

/** Ids of those routers that exist; they cannot be deleted before the transaction ends. */
export async function holdRouters(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM router WHERE id = ANY(${plainArray(ids)}::uuid[]) ORDER BY id FOR KEY SHARE`;
  return new Set(rows.map((row) => row.id));
}

/** The rows of these keys, locked in one order everywhere so that two drains never wait for each other in a circle. */
export async function lockSessions(tx: Tx, keys: readonly string[]): Promise<LedgerRow[]> {
  const rows = await tx.$queryRaw<StoredRow[]>`
    SELECT id::text AS id, key, username, entitlement_id::text AS "entitlementId", state::text AS state,
           framed_ip_address AS "framedIpAddress", calling_station_id AS "callingStationId",
           called_station_id AS "calledStationId", nas_port_id AS "nasPortId",
           date_part('epoch', started_at) AS started, date_part('epoch', last_seen_at) AS seen,
           date_part('epoch', stopped_at) AS stopped, session_seconds AS "sessionSeconds",
           input_octets AS "inputOctets", output_octets AS "outputOctets", terminate_cause AS "terminateCause",
           fair_use_step AS "fairUseStep"
    FROM session WHERE key = ANY(${textArray(keys)}::text[]) ORDER BY key FOR NO KEY UPDATE`;
  return rows.map(ledgerRow);
}

interface StoredRow extends Omit<LedgerRow, 'startedAt' | 'lastSeenAt' | 'stoppedAt'> {
  /** Seconds since 1970. */
  readonly started: number;
  readonly seen: number;
  readonly stopped: number | null;
}

// Spelled out: this runs for every packet, and copying objects is what it would spend its time on.
function ledgerRow(row: StoredRow): LedgerRow {
  return {
    id: row.id,
    key: row.key,
    username: row.username,
    entitlementId: row.entitlementId,
    fairUseStep: row.fairUseStep,
    state: row.state,
    framedIpAddress: row.framedIpAddress,
    callingStationId: row.callingStationId,
    calledStationId: row.calledStationId,
    nasPortId: row.nasPortId,
    startedAt: Math.round(row.started * 1000),
    lastSeenAt: Math.round(row.seen * 1000),
    stoppedAt: row.stopped === null ? null : Math.round(row.stopped * 1000),
    terminateCause: row.terminateCause,
    sessionSeconds: row.sessionSeconds,
    inputOctets: row.inputOctets,
    outputOctets: row.outputOctets,
  };
}

/** Opens sessions as they are told; gives the keys of those that another drain has opened meanwhile and that stay as they are. */
export async function openSessions(tx: Tx, sessions: readonly NewSession[]): Promise<Set<string>> {
  const [ids, keys] = [plainArray(sessions.map(({ row }) => row.id)), textArray(sessions.map(({ row }) => row.key))];
  const told = sessions.map(({ update }) => update);
  const columns = columnsOf(sessions.map(({ row }) => row));
  const rows = await tx.$queryRaw<{ key: string }[]>`
    WITH asked AS (
      SELECT * FROM unnest(
        ${ids}::uuid[], ${keys}::text[], ${textArray(told.map((update) => update.acctSessionId))}::text[],
        ${plainArray(told.map((update) => update.routerId))}::uuid[],
        ${plainArray(sessions.map(({ customerId }) => customerId))}::uuid[],
        ${plainArray(sessions.map(({ row }) => row.entitlementId))}::uuid[],
        ${plainArray(sessions.map(({ service }) => service))}::"ServiceType"[],
        ${textArray(told.map((update) => update.username))}::text[],
        ${columns.state}::"SessionState"[], ${columns.framedIpAddress}::text[], ${columns.callingStationId}::text[],
        ${columns.calledStationId}::text[], ${columns.nasPortId}::text[], ${columns.startedAt}::float8[],
        ${columns.lastSeenAt}::float8[], ${columns.stoppedAt}::float8[], ${columns.terminateCause}::int[],
        ${columns.sessionSeconds}::int[], ${columns.inputOctets}::bigint[], ${columns.outputOctets}::bigint[],
        ${plainArray(sessions.map(({ row }) => row.fairUseStep))}::int[]
      ) AS r(id, key, acct, router, customer, entitlement, service, username, state, ip, calling, called, port, started, seen,
             stopped, cause, seconds, input, output, step)
    ), opened AS (
      INSERT INTO session (id, key, acct_session_id, router_id, customer_id, entitlement_id, service, username, state,
                           framed_ip_address, calling_station_id, called_station_id, nas_port_id, started_at, last_seen_at,
                           stopped_at, terminate_cause, session_seconds, input_octets, output_octets, fair_use_step)
      SELECT id, key, acct, router, customer, entitlement, service, username, state, ip, calling, called, port,
             to_timestamp(started), to_timestamp(seen), to_timestamp(stopped), cause, seconds, input, output, step
      FROM asked ORDER BY key
      ON CONFLICT (key) DO NOTHING
      RETURNING key
    )
    SELECT key FROM asked WHERE (SELECT count(*) FROM opened) < ${sessions.length}::int
    EXCEPT SELECT key FROM opened`;
  return new Set(rows.map((row) => row.key));
}

/** Writes rows that `lockSessions` gave. */
export async function saveSessions(
  tx: Tx,
  changed: readonly (SessionFacts & { readonly id: string })[],
): Promise<void> {
  if (changed.length === 0) return;
  const columns = columnsOf(changed);
  await tx.$executeRaw`
    UPDATE session s SET
      state = r.state, framed_ip_address = r.ip, calling_station_id = r.calling, called_station_id = r.called,
      nas_port_id = r.port, started_at = to_timestamp(r.started), last_seen_at = to_timestamp(r.seen),
      stopped_at = to_timestamp(r.stopped), terminate_cause = r.cause, session_seconds = r.seconds,
      input_octets = r.input, output_octets = r.output
    FROM unnest(
      ${plainArray(changed.map((row) => row.id))}::uuid[], ${columns.state}::"SessionState"[],
      ${columns.framedIpAddress}::text[], ${columns.callingStationId}::text[], ${columns.calledStationId}::text[],
      ${columns.nasPortId}::text[], ${columns.startedAt}::float8[], ${columns.lastSeenAt}::float8[],
      ${columns.stoppedAt}::float8[], ${columns.terminateCause}::int[], ${columns.sessionSeconds}::int[],
      ${columns.inputOctets}::bigint[], ${columns.outputOctets}::bigint[]
    ) AS r(id, state, ip, calling, called, port, started, seen, stopped, cause, seconds, input, output)
    WHERE s.id = r.id`;
}

/** Writes only what an interim update moves, of rows that `lockSessions` gave. */
export async function saveCounters(
  tx: Tx,
  changed: readonly (SessionFacts & { readonly id: string })[],
): Promise<void> {
  if (changed.length === 0) return;
  await tx.$executeRaw`
    UPDATE session s SET last_seen_at = to_timestamp(r.seen), session_seconds = r.seconds, input_octets = r.input,
      output_octets = r.output
    FROM unnest(
      ${plainArray(changed.map((row) => row.id))}::uuid[],
      ${plainArray(changed.map((row) => row.lastSeenAt / 1000))}::float8[],
      ${plainArray(changed.map((row) => row.sessionSeconds))}::int[],
      ${plainArray(changed.map((row) => row.inputOctets))}::bigint[],
      ${plainArray(changed.map((row) => row.outputOctets))}::bigint[]
    ) AS r(id, seen, seconds, input, output)
    WHERE s.id = r.id`;
}

function columnsOf(rows: readonly SessionFacts[]) {
  const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
  return {
    state: plainArray(rows.map((row) => row.state)),
    framedIpAddress: textArray(rows.map((row) => row.framedIpAddress)),
    callingStationId: textArray(rows.map((row) => row.callingStationId)),
    calledStationId: textArray(rows.map((row) => row.calledStationId)),
    nasPortId: textArray(rows.map((row) => row.nasPortId)),
    startedAt: plainArray(rows.map((row) => seconds(row.startedAt))),
    lastSeenAt: plainArray(rows.map((row) => seconds(row.lastSeenAt))),
    stoppedAt: plainArray(rows.map((row) => seconds(row.stoppedAt))),
    terminateCause: plainArray(rows.map((row) => row.terminateCause)),
    sessionSeconds: plainArray(rows.map((row) => row.sessionSeconds)),
    inputOctets: plainArray(rows.map((row) => row.inputOctets)),
    outputOctets: plainArray(rows.map((row) => row.outputOctets)),
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
    UPDATE session SET state = 'closed', stopped_at = greatest(started_at, last_seen_at), terminate_cause = ${cause}::int
    WHERE router_id = ${routerId}::uuid AND state IN ('open', 'closing', 'stale') AND started_at <= ${startedBefore}
    RETURNING id::text AS id, key, username, entitlement_id::text AS "entitlementId",
              calling_station_id AS "callingStationId"`;
}
