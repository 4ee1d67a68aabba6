import type { Tx } from '@turnpike/db/database.js';
import type { Sql } from '@turnpike/db/sql.js';
import { decodeRecord, type AccountingRecord } from './accounting-record.js';
import { plainArray, textArray } from './sql-array.js';

/** A record and its text as it was acknowledged. */
export interface KeptRecord {
  readonly record: AccountingRecord;
  readonly body: string;
}

/** `received_on` and `dedup_key` of a row. */
export interface RowKey {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

/** UTC day of a time in ms since 1970, YYYY-MM-DD. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function daysOf(records: readonly KeptRecord[]): string[] {
  const names = new Map<number, string>();
  return records.map(({ record: { receivedAt } }) => {
    const day = Math.floor(receivedAt / DAY_MS);
    const name = names.get(day) ?? dayOf(receivedAt);
    names.set(day, name);
    return name;
  });
}

export function rowKeyOf(record: AccountingRecord): RowKey {
  return { day: dayOf(record.receivedAt), key: record.dedupKey };
}

/** The way past a dead Redis: the records wait here until a drain merges them. */
export async function insertUnmergedRecords(sql: Sql, records: readonly KeptRecord[]): Promise<void> {
  const { days, keys, routers, times, bodies } = columnsOf(records);
  await sql.$executeRaw`
    INSERT INTO accounting_record (received_on, dedup_key, router_id, received_at, body)
    SELECT r.day, r.key, r.router, to_timestamp(r.ms / 1000.0), r.body::jsonb
    FROM unnest(${days}::date[], ${keys}::text[], ${routers}::uuid[], ${times}::bigint[], ${bodies}::text[])
      AS r(day, key, router, ms, body)
    ORDER BY r.day, r.key
    ON CONFLICT (received_on, dedup_key) DO NOTHING`;
}

/** Stores records as merged and gives those that were new; the others were taken in before. */
export async function insertMergedRecords(tx: Tx, records: readonly KeptRecord[]): Promise<readonly KeptRecord[]> {
  const { days, keys, routers, times, bodies } = columnsOf(records);
  const added = await tx.$executeRaw`
    INSERT INTO accounting_record (received_on, dedup_key, router_id, received_at, body, merged_at)
    SELECT r.day, r.key, r.router, to_timestamp(r.ms / 1000.0), r.body::jsonb, now()
    FROM unnest(${days}::date[], ${keys}::text[], ${routers}::uuid[], ${times}::bigint[], ${bodies}::text[])
      AS r(day, key, router, ms, body)
    ORDER BY r.day, r.key
    ON CONFLICT (received_on, dedup_key) DO NOTHING`;
  if (added === records.length) return records;
  // What this transaction wrote carries its number; the rest was there.
  const rows = await tx.$queryRaw<RowKey[]>`
    SELECT a.received_on::text AS day, a.dedup_key AS key
    FROM accounting_record a
    WHERE a.received_on = ANY(${days}::date[]) AND a.dedup_key = ANY(${keys}::text[])
      AND a.xmin = pg_current_xact_id()::xid`;
  const own = new Set(rows.map(joined));
  return records.filter(({ record }) => own.has(joined(rowKeyOf(record))));
}

function joined({ day, key }: RowKey): string {
  return day + key;
}

function columnsOf(records: readonly KeptRecord[]) {
  return {
    days: plainArray(daysOf(records)),
    keys: textArray(records.map(({ record }) => record.dedupKey)),
    routers: plainArray(records.map(({ record }) => record.routerId)),
    times: plainArray(records.map(({ record }) => record.receivedAt)),
    bodies: textArray(records.map(({ body }) => body)),
  };
}

/** How far back a packet is recognised that was sent again on another day. */
const REPLAY_DAYS = 7;

/** Keys of those records that were also received on one of the days before. */
export async function findReceivedBefore(tx: Tx, records: readonly AccountingRecord[]): Promise<Set<string>> {
  if (records.length === 0) return new Set();
  const newest = Math.max(...records.map((record) => record.receivedAt));
  const days = Array.from({ length: REPLAY_DAYS + 1 }, (_, back) => dayOf(Math.max(0, newest - back * DAY_MS)));
  const rows = await tx.$queryRaw<{ key: string }[]>`
    SELECT DISTINCT a.dedup_key AS key FROM accounting_record a
    JOIN unnest(${plainArray(records.map(({ receivedAt }) => dayOf(receivedAt)))}::date[],
                ${textArray(records.map(({ dedupKey }) => dedupKey))}::text[]) AS r(day, key)
      ON a.dedup_key = r.key AND a.received_on < r.day
    WHERE a.received_on = ANY(${plainArray(days)}::date[])`;
  return new Set(rows.map((row) => row.key));
}

export interface UnmergedRow extends RowKey {
  /** Undefined where the body is no record of ours. */
  readonly record: AccountingRecord | undefined;
  readonly body: string;
}

interface StoredRow extends RowKey {
  readonly body: string;
}

/** Oldest records that came past Redis and were not tried yet; those another drain works on are left to it. Locked. */
export async function lockUntriedRecords(tx: Tx, limit: number): Promise<UnmergedRow[]> {
  const rows = await tx.$queryRaw<StoredRow[]>`
    SELECT received_on::text AS day, dedup_key AS key, body::text AS body FROM accounting_record
    WHERE merged_at IS NULL AND problem IS NULL AND attempts = 0
    ORDER BY received_at LIMIT ${limit}::int
    FOR UPDATE SKIP LOCKED`;
  return rows.map(decoded);
}

/** Records that failed before, but for those named in `waiting`; locked. */
export async function lockFailedRecords(tx: Tx, waiting: readonly string[], limit: number): Promise<UnmergedRow[]> {
  const rows = await tx.$queryRaw<StoredRow[]>`
    SELECT received_on::text AS day, dedup_key AS key, body::text AS body FROM accounting_record
    WHERE merged_at IS NULL AND problem IS NULL AND attempts > 0 AND dedup_key <> ALL(${textArray(waiting)}::text[])
    ORDER BY received_at LIMIT ${limit}::int
    FOR UPDATE SKIP LOCKED`;
  return rows.map(decoded);
}

function decoded({ day, key, body }: StoredRow): UnmergedRow {
  return { day, key, body, record: decodeRecord(body) };
}

export async function markMerged(tx: Tx, rows: readonly RowKey[]): Promise<void> {
  const { days, keys } = keysOf(rows);
  await tx.$executeRaw`
    UPDATE accounting_record SET merged_at = now()
    WHERE received_on = ANY(${days}::date[]) AND dedup_key = ANY(${keys}::text[])`;
}

export async function markProblem(tx: Tx, rows: readonly RowKey[], problem: string): Promise<void> {
  const { days, keys } = keysOf(rows);
  await tx.$executeRaw`
    UPDATE accounting_record SET problem = ${problem}
    WHERE received_on = ANY(${days}::date[]) AND dedup_key = ANY(${keys}::text[])`;
}

// The same packet may lie under two days: what is true of one row is true of the other.
function keysOf(rows: readonly RowKey[]): { days: string; keys: string } {
  return {
    days: plainArray([...new Set(rows.map((row) => row.day))]),
    keys: textArray(rows.map((row) => row.key)),
  };
}

export interface FailedRecord extends RowKey {
  readonly routerId: string;
  readonly receivedAt: Date;
  readonly body: string;
  /** Why, for people. */
  readonly reason: string;
  /** Tries after which it is put aside; 1 puts it aside now. */
  readonly tries: number;
}

/**
 * Counts a failed try of a record that may not be stored yet, and puts it aside with its problem after so many. What could
 * not be merged is kept for people to look at, never dropped. Gives whether it was put aside.
 */
export async function countFailure(tx: Tx, failed: FailedRecord): Promise<boolean> {
  const { day, key, routerId, receivedAt, body, reason, tries } = failed;
  const rows = await tx.$queryRaw<{ problem: string | null }[]>`
    INSERT INTO accounting_record AS a (received_on, dedup_key, router_id, received_at, body, attempts, problem)
    VALUES (${day}::date, ${key}, ${routerId}::uuid, ${receivedAt}, ${body}::jsonb, 1,
            CASE WHEN ${tries}::int <= 1 THEN ${reason} END)
    ON CONFLICT (received_on, dedup_key) DO UPDATE SET
      attempts = a.attempts + 1, problem = CASE WHEN a.attempts + 1 >= ${tries}::int THEN ${reason} END
    WHERE a.merged_at IS NULL
    RETURNING problem`;
  return typeof rows[0]?.problem === 'string';
}
