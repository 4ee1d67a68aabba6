import { createHash } from 'node:crypto';
import { messageOf } from '@turnpike/core/app-error.js';
import { decodeRecord } from './accounting-record.js';
import { countFailure, dayOf, rowKeyOf, type KeptRecord } from './accounting-record.store.js';
import { mergeNewRecords } from './accounting-ledger.js';
import { createRowBatches, DEFAULT_TRIES, UNREADABLE, type RowBatchesOptions } from './accounting-rows.js';
import type { StreamEntry } from './accounting-stream.js';
import { meaningOf } from './failure-meaning.js';

export interface AccountingBatchesOptions extends RowBatchesOptions {
  readonly onBatch?: ((records: number, seconds: number) => void) | undefined;
}

export interface AccountingBatches {
  /** Resolves when every entry is merged, known already, or stored with what went wrong; rejects when PostgreSQL is away. */
  takeEntries(entries: readonly StreamEntry[]): Promise<void>;
  /** One batch of the records that wait in the table: they came past Redis, or failed before. Gives how many. */
  takeRows(): Promise<number>;
}

const NO_ROUTER = '00000000-0000-0000-0000-000000000000';

/** One transaction per batch. A record that breaks its batch is found by halving and stored apart; the others go on. */
export function createAccountingBatches(options: AccountingBatchesOptions): AccountingBatches {
  const { db, transact, batchSize, logger, onMerged, onBatch, onAside, tries = DEFAULT_TRIES } = options;
  const rows = createRowBatches(options);

  async function mergeNew(records: readonly KeptRecord[]): Promise<void> {
    const startedMs = performance.now();
    const result = await transact((tx) => mergeNewRecords(tx, records, options));
    onMerged(result);
    onBatch?.(records.length, (performance.now() - startedMs) / 1000);
  }

  async function mergeOrHalve(records: readonly KeptRecord[]): Promise<void> {
    if (records.length === 0) return;
    try {
      await mergeNew(records);
    } catch (error) {
      const meaning = meaningOf(error);
      if (meaning === 'store-away') throw error;
      const only = records.length === 1 ? records[0] : undefined;
      if (only !== undefined) return storeApart(only, messageOf(error), meaning === 'for-good' ? 1 : tries);
      const middle = Math.ceil(records.length / 2);
      await mergeOrHalve(records.slice(0, middle));
      await mergeOrHalve(records.slice(middle));
    }
  }

  /** From then on the row, not the stream entry, is what is tried again. */
  async function storeApart({ record, body }: KeptRecord, reason: string, allowed: number): Promise<void> {
    const { routerId, receivedAt: ms } = record;
    const receivedAt = new Date(ms);
    const aside = await countFailure(db, { ...rowKeyOf(record), routerId, receivedAt, body, reason, tries: allowed });
    if (aside) onAside?.();
    const what = aside ? 'was put aside' : 'will be tried again';
    logger.error({ dedupKey: record.dedupKey, reason }, `an accounting record cannot be merged and ${what}`);
  }

  async function storeUnreadable(id: string, text: string): Promise<void> {
    logger.error({ entry: id }, 'an entry of the accounting stream is not an accounting record and was put aside');
    const receivedAt = new Date(Number.parseInt(id, 10));
    await countFailure(db, {
      day: dayOf(receivedAt.getTime()),
      key: createHash('sha256').update(`${id} ${text}`).digest('base64url'),
      routerId: NO_ROUTER,
      receivedAt,
      body: JSON.stringify({ entry: id, text: text.replaceAll('\0', '\uFFFD') }),
      reason: UNREADABLE,
      tries: 1,
    });
    onAside?.();
  }

  return {
    async takeEntries(entries) {
      const records = new Map<string, KeptRecord>();
      for (const { id, bodies } of entries) {
        for (const body of bodies) {
          const record = decodeRecord(body);
          if (record === undefined) await storeUnreadable(id, body);
          else records.set(record.dedupKey, { record, body });
        }
      }
      const all = [...records.values()];
      for (let at = 0; at < all.length; at += batchSize) await mergeOrHalve(all.slice(at, at + batchSize));
    },
    takeRows: rows.take,
  };
}
