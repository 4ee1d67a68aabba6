import { messageOf } from '@turnpike/core/app-error.js';
import type { Transact, Tx } from '@turnpike/db/database.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { mergeUnlessReplayed, ROUTER_GONE } from './accounting-ledger.js';
import {
  countFailure,
  lockFailedRecords,
  lockUntriedRecords,
  markMerged,
  markProblem,
  rowKeyOf,
  type UnmergedRow,
} from './accounting-record.store.js';
import type { MergeDeps, MergeResult } from './accounting-merge.js';
import { meaningOf } from './failure-meaning.js';

export interface RowBatchesOptions extends MergeDeps {
  readonly db: Tx;
  readonly transact: Transact;
  /** Records per transaction. */
  readonly batchSize: number;
  readonly logger: Logger;
  /** Told after the commit. */
  readonly onMerged: (result: MergeResult) => void;
  /** Tries of a record that fails for a reason that may pass, before it is put aside. Default 5. */
  readonly tries?: number | undefined;
  /** Pause before the second try of such a record, ms; it doubles. Default 5,000. */
  readonly retryAfterMs?: number | undefined;
  /** Told of every record that is put aside because it failed: somebody has to look at it. */
  readonly onAside?: (() => void) | undefined;
}

export const DEFAULT_TRIES = 5;
export const UNREADABLE = 'not an accounting record';
const RETRY_AFTER_MS = 5_000;
/** Records known to have failed; more than these are many more than there ever are. */
const WAITING_KEPT = 10_000;

/** Merges records that wait in the table, oldest first. */
export function createRowBatches(options: RowBatchesOptions): { take(): Promise<number> } {
  const { db, transact, batchSize, logger, onMerged, tries = DEFAULT_TRIES, retryAfterMs = RETRY_AFTER_MS } = options;
  /** By dedup key: not before this time of the monotonic clock, and the pause after the next failure. */
  const waiting = new Map<string, { readonly untilMs: number; readonly pauseMs: number }>();

  async function mergeRows(tx: Tx, rows: readonly UnmergedRow[]): Promise<MergeResult> {
    const unreadable = rows.filter((row) => row.record === undefined);
    if (unreadable.length > 0) await markProblem(tx, unreadable, UNREADABLE);
    const records = rows.flatMap((row) => row.record ?? []);
    const result = await mergeUnlessReplayed(tx, records, options);
    const gone = new Set(result.orphans.map((record) => record.dedupKey));
    if (gone.size > 0) await markProblem(tx, result.orphans.map(rowKeyOf), ROUTER_GONE);
    const done = rows.filter((row) => row.record !== undefined && !gone.has(row.key));
    if (done.length > 0) await markMerged(tx, done);
    return result;
  }

  async function takeUpTo(limit: number, lock: (tx: Tx, limit: number) => Promise<UnmergedRow[]>): Promise<number> {
    let taken: readonly UnmergedRow[] = [];
    try {
      const result = await transact(async (tx) => {
        taken = await lock(tx, limit);
        return taken.length === 0 ? undefined : mergeRows(tx, taken);
      });
      if (result !== undefined) onMerged(result);
      for (const { key } of taken) waiting.delete(key);
      return taken.length;
    } catch (error) {
      const meaning = meaningOf(error);
      if (meaning === 'store-away') throw error;
      if (taken.length > 1) return takeUpTo(Math.ceil(taken.length / 8), lock);
      const [only] = taken;
      if (only === undefined) throw error;
      await noteFailure(only, messageOf(error), meaning === 'for-good' ? 1 : tries);
      return 1;
    }
  }

  async function noteFailure({ record, day, key, body }: UnmergedRow, reason: string, allowed: number): Promise<void> {
    if (record === undefined) return;
    const { routerId } = record;
    const receivedAt = new Date(record.receivedAt);
    const aside = await countFailure(db, { day, key, routerId, receivedAt, body, reason, tries: allowed });
    if (aside) options.onAside?.();
    logger.error(
      { dedupKey: key, reason },
      `an accounting record failed and ${aside ? 'was put aside' : 'will be tried again'}`,
    );
    const pauseMs = waiting.get(key)?.pauseMs ?? retryAfterMs;
    if (aside || waiting.size >= WAITING_KEPT) waiting.delete(key);
    else waiting.set(key, { untilMs: performance.now() + pauseMs, pauseMs: pauseMs * 2 });
  }

  function stillWaiting(): string[] {
    const nowMs = performance.now();
    return [...waiting].filter(([, { untilMs }]) => untilMs > nowMs).map(([key]) => key);
  }

  return {
    async take() {
      const untried = await takeUpTo(batchSize, lockUntriedRecords);
      if (untried > 0) return untried;
      return takeUpTo(1, (tx, limit) => lockFailedRecords(tx, stillWaiting(), limit));
    },
  };
}
