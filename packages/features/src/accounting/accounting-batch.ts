import { createHash } from 'node:crypto';
import { messageOf } from '@turnpike/core/app-error.js';
import type { Transact, Tx } from '@turnpike/db/database.js';
import { isRetryable, isUnavailable } from '@turnpike/db/database-errors.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { accountingRecord, type AccountingRecord } from './accounting-record.js';
import {
  insertMergedRecords,
  insertProblemRecord,
  lockUnmergedRecords,
  markMerged,
  markProblem,
} from './accounting-record.store.js';
import { mergeRecords, type MergeDeps, type MergeResult } from './accounting-merge.js';
import type { StreamEntry } from './accounting-stream.js';

export interface AccountingBatchesOptions extends MergeDeps {
  readonly db: Tx;
  readonly transact: Transact;
  readonly batchSize: number;
  readonly logger: Logger;
  /** Told after the commit. */
  readonly onMerged: (result: MergeResult) => void;
  readonly onBatch?: (records: number, seconds: number) => void;
}

export interface AccountingBatches {
  /** Resolves when every entry is merged, known already, or put aside with its problem; rejects when PostgreSQL is away. */
  takeEntries(entries: readonly StreamEntry[]): Promise<void>;
  /** One batch of the records that came past Redis; gives how many. */
  takeRows(): Promise<number>;
}

const NO_ROUTER = '00000000-0000-0000-0000-000000000000';
const GONE = 'the router is no longer known';
const UNREADABLE = 'not an accounting record';

/** One transaction per batch. A record that breaks its batch is found by halving and put aside; the others go on. */
export function createAccountingBatches(options: AccountingBatchesOptions): AccountingBatches {
  const { db, transact, batchSize, logger, onMerged, onBatch } = options;

  async function mergeNew(records: readonly AccountingRecord[]): Promise<void> {
    const startedMs = performance.now();
    const result = await transact(async (tx) => {
      const fresh = await insertMergedRecords(tx, records);
      const merged = await mergeRecords(
        tx,
        records.filter((record) => fresh.has(record.dedupKey)),
        options,
      );
      if (merged.orphans.length > 0) await markProblem(tx, merged.orphans, GONE);
      return merged;
    });
    onMerged(result);
    onBatch?.(records.length, (performance.now() - startedMs) / 1000);
  }

  async function mergeOrHalve(records: readonly AccountingRecord[]): Promise<void> {
    if (records.length === 0) return;
    try {
      await mergeNew(records);
    } catch (error) {
      if (isUnavailable(error) || isRetryable(error)) throw error;
      const only = records.length === 1 ? records[0] : undefined;
      if (only !== undefined) return putAside(only, messageOf(error));
      const middle = Math.ceil(records.length / 2);
      await mergeOrHalve(records.slice(0, middle));
      await mergeOrHalve(records.slice(middle));
    }
  }

  async function putAside(record: AccountingRecord, problem: string): Promise<void> {
    logger.error({ dedupKey: record.dedupKey, problem }, 'an accounting record cannot be merged and was put aside');
    const { dedupKey: key, routerId } = record;
    const body = JSON.stringify(record);
    await insertProblemRecord(db, { key, routerId, receivedAt: new Date(record.receivedAt), body, problem });
  }

  async function putAsideUnreadable({ id, body }: StreamEntry): Promise<void> {
    if (body === undefined) return;
    logger.error({ entry: id }, 'an entry of the accounting stream is not an accounting record and was put aside');
    const key = createHash('sha256').update(`${id} ${body}`).digest('base64url');
    await insertProblemRecord(db, {
      key,
      routerId: NO_ROUTER,
      receivedAt: new Date(Number.parseInt(id, 10)),
      body: JSON.stringify({ entry: id, text: body.replaceAll('\0', '\uFFFD') }),
      problem: UNREADABLE,
    });
  }

  return {
    async takeEntries(entries) {
      if (entries.length === 0) return;
      const records = new Map<string, AccountingRecord>();
      for (const entry of entries) {
        const record = parseBody(entry.body);
        if (record === undefined) await putAsideUnreadable(entry);
        else records.set(record.dedupKey, record);
      }
      await mergeOrHalve([...records.values()]);
    },

    takeRows: () => takeRowsOf(batchSize),
  };

  async function takeRowsOf(limit: number): Promise<number> {
    try {
      return await mergeRows(limit);
    } catch (error) {
      if (isUnavailable(error) || isRetryable(error)) throw error;
      if (limit > 1) return takeRowsOf(Math.ceil(limit / 8));
      return markOldestRow(messageOf(error));
    }
  }

  async function mergeRows(limit: number): Promise<number> {
    const { taken, merged } = await transact(async (tx) => {
      const rows = await lockUnmergedRecords(tx, limit);
      const records = rows.flatMap((row) => row.record ?? []);
      const unreadable = rows.filter((row) => row.record === undefined).map((row) => row.key);
      if (unreadable.length > 0) await markProblem(tx, unreadable, UNREADABLE);
      const merged = records.length === 0 ? undefined : await mergeRecords(tx, records, options);
      const orphans = new Set(merged?.orphans);
      if (orphans.size > 0) await markProblem(tx, [...orphans], GONE);
      const done = records.map((record) => record.dedupKey).filter((key) => !orphans.has(key));
      if (done.length > 0) await markMerged(tx, done);
      return { taken: rows.length, merged };
    });
    if (merged !== undefined) onMerged(merged);
    return taken;
  }

  async function markOldestRow(problem: string): Promise<number> {
    logger.error({ problem }, 'an accounting record cannot be merged and was put aside');
    return transact(async (tx) => {
      const rows = await lockUnmergedRecords(tx, 1);
      await markProblem(
        tx,
        rows.map((row) => row.key),
        problem,
      );
      return rows.length;
    });
  }
}

function parseBody(body: string | undefined): AccountingRecord | undefined {
  if (body === undefined) return undefined;
  try {
    return accountingRecord.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
