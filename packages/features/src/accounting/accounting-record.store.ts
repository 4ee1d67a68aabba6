import type { Tx } from '@turnpike/db/database.js';
import { accountingRecord, type AccountingRecord } from './accounting-record.js';

/** The way past a dead Redis: the record waits here until a drain merges it. */
export async function insertUnmergedRecord(tx: Tx, record: AccountingRecord, body: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO accounting_record (dedup_key, router_id, received_at, body)
    VALUES (${record.dedupKey}, ${record.routerId}::uuid, ${new Date(record.receivedAt)}, ${body}::jsonb)
    ON CONFLICT (dedup_key) DO NOTHING`;
}

/** Stores records as merged and gives the keys that were new; the others were taken in before. */
export async function insertMergedRecords(tx: Tx, records: readonly AccountingRecord[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ key: string }[]>`
    INSERT INTO accounting_record (dedup_key, router_id, received_at, body, merged_at)
    SELECT r->>'dedupKey', (r->>'routerId')::uuid, to_timestamp((r->>'receivedAt')::bigint / 1000.0), r, now()
    FROM jsonb_array_elements(${JSON.stringify(records)}::jsonb) r
    ORDER BY 1
    ON CONFLICT (dedup_key) DO NOTHING
    RETURNING dedup_key AS key`;
  return new Set(rows.map((row) => row.key));
}

export interface UnmergedRow {
  readonly key: string;
  /** Undefined where the body is no record of ours. */
  readonly record: AccountingRecord | undefined;
}

/** Oldest records that came past Redis; those that another drain works on are left to it. Locked until the end of `tx`. */
export async function lockUnmergedRecords(tx: Tx, limit: number): Promise<UnmergedRow[]> {
  const rows = await tx.$queryRaw<{ key: string; body: unknown }[]>`
    SELECT dedup_key AS key, body FROM accounting_record
    WHERE merged_at IS NULL AND problem IS NULL
    ORDER BY received_at LIMIT ${limit}
    FOR UPDATE SKIP LOCKED`;
  return rows.map(({ key, body }) => ({ key, record: accountingRecord.safeParse(body).data }));
}

export async function markMerged(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.$executeRaw`UPDATE accounting_record SET merged_at = now() WHERE dedup_key = ANY(${[...keys]})`;
}

export async function markProblem(tx: Tx, keys: readonly string[], problem: string): Promise<void> {
  await tx.$executeRaw`UPDATE accounting_record SET problem = ${problem} WHERE dedup_key = ANY(${[...keys]})`;
}

/** What could not be merged is kept for people to look at, never dropped. */
export async function insertProblemRecord(
  tx: Tx,
  row: { key: string; routerId: string; receivedAt: Date; body: string; problem: string },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO accounting_record (dedup_key, router_id, received_at, body, problem)
    VALUES (${row.key}, ${row.routerId}::uuid, ${row.receivedAt}, ${row.body}::jsonb, ${row.problem})
    ON CONFLICT (dedup_key) DO UPDATE SET problem = excluded.problem WHERE accounting_record.merged_at IS NULL`;
}
