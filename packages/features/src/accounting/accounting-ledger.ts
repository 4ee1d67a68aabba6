import type { Tx } from '@turnpike/db/database.js';
import type { AccountingRecord } from './accounting-record.js';
import { mergeRecords, type MergeDeps, type MergeResult } from './accounting-merge.js';
import {
  findReceivedBefore,
  insertMergedRecords,
  markProblem,
  rowKeyOf,
  type KeptRecord,
} from './accounting-record.store.js';

export const ROUTER_GONE = 'the router is no longer known';

/** Stores records and merges those that were not stored before. */
export async function mergeNewRecords(tx: Tx, records: readonly KeptRecord[], deps: MergeDeps): Promise<MergeResult> {
  const added = await insertMergedRecords(tx, records);
  const result = await mergeUnlessReplayed(
    tx,
    added.map(({ record }) => record),
    deps,
  );
  if (result.orphans.length > 0) await markProblem(tx, result.orphans.map(rowKeyOf), ROUTER_GONE);
  return result;
}

/**
 * Leaves out packets that were received on another day already and come again. What a trusted clock times needs no such
 * look-up: a later copy of it would not be trusted.
 */
export async function mergeUnlessReplayed(
  tx: Tx,
  records: readonly AccountingRecord[],
  deps: MergeDeps,
): Promise<MergeResult> {
  const replayed = await findReceivedBefore(
    tx,
    records.filter((record) => record.untimed),
  );
  const first = replayed.size === 0 ? records : records.filter(({ dedupKey }) => !replayed.has(dedupKey));
  return mergeRecords(tx, first, deps);
}
