import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { Transact, Tx } from '@turnpike/db/database.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { createDrainLoop } from './drain-loop.js';
import type { DeviceLeases } from '../access/device-lease.js';
import type { MergeDeps } from './accounting-merge.js';
import { createAccountingBatches } from './accounting-batch.js';
import type { SessionTraces } from './session-traces.js';
import type { AccountingStream, StreamEntry } from './accounting-stream.js';
import { createMergeNews } from './merge-news.js';

export interface AccountingDrainOptions extends MergeDeps {
  readonly stream: AccountingStream;
  readonly db: Tx;
  readonly transact: Transact;
  readonly leases: DeviceLeases;
  readonly live: { publish(event: LiveEvent): unknown };
  /** Tells the outbox relay that there may be work. */
  readonly wake: () => void;
  readonly logger: Logger;
  /** Undefined: sessions are told of in no trace. */
  readonly traceSessions?: SessionTraces | undefined;
  /** Told of every batch: records taken in and how long it took. */
  readonly onBatch?: (records: number, seconds: number) => void;
  /** Told of every record that is put aside. */
  readonly onAside?: () => void;
  /** Most records per transaction; there are fewer while the drain keeps up. Default 1,000. */
  readonly batchSize?: number;
  /** Batches in work at once. Default 2: while one waits for PostgreSQL the next is read and prepared. */
  readonly lanes?: number;
  /** How long another drain's entries lie before they are taken over. Default 15 s. */
  readonly abandonedAfterMs?: number;
  /** See RowBatchesOptions. */
  readonly tries?: number;
  readonly retryAfterMs?: number;
}

export interface AccountingDrain {
  start(): void;
  /** Finishes the batches under way. */
  stop(): Promise<void>;
  /** Takes in everything there is now; for tests. Gives the number of entries and rows worked on. */
  drainOnce(): Promise<number>;
}

const WAIT_MS = 1_000;
const ABANDONED_EVERY_MS = 5_000;
const BATCH_SIZE = 1_000;
const LANES = 2;

/**
 * Carries accounting records from the stream, and those that came past a dead Redis, into sessions and entitlements.
 * Several may run at once. An entry is removed only after its transaction is committed, so whatever dies in between is
 * done again, which changes nothing the second time.
 */
export function createAccountingDrain(options: AccountingDrainOptions): AccountingDrain {
  const { stream, logger, batchSize = BATCH_SIZE, lanes = LANES, abandonedAfterMs = 15_000 } = options;
  const news = createMergeNews(options);
  const batches = createAccountingBatches({
    ...options,
    batchSize,
    onMerged: (result) => {
      news.tell(result);
      void options.traceSessions?.(result.changes);
    },
  });
  const inWork = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let ownMayWait = true;
  let recordsPerEntry = 1;

  /** As many entries as hold about one batch. */
  const entriesWanted = (): number => Math.max(1, Math.ceil(batchSize / recordsPerEntry));

  async function finish(entries: readonly StreamEntry[]): Promise<void> {
    await batches.takeEntries(entries);
    await stream.finish(entries.map((entry) => entry.id));
  }

  async function fromStream(read: () => Promise<StreamEntry[]>): Promise<number> {
    const entries = await read();
    if (entries.length === 0) return 0;
    const records = entries.reduce((sum, entry) => sum + entry.bodies.length, 0);
    recordsPerEntry = Math.max(1, records / entries.length);
    const work: Promise<void> = finish(entries)
      .catch((error: unknown) => {
        ownMayWait = true;
        failure ??= { error };
      })
      .finally(() => inWork.delete(work));
    inWork.add(work);
    if (inWork.size >= lanes) await Promise.race(inWork);
    return entries.length;
  }

  async function settle(): Promise<void> {
    await Promise.all(inWork);
    const failed = failure;
    failure = undefined;
    if (failed !== undefined) throw failed.error;
  }

  /** Entries that were handed to us and that an error left unfinished: only when nothing is in work that is not lost. */
  async function own(): Promise<number> {
    if (!ownMayWait) return 0;
    await settle();
    const done = await fromStream(() => stream.readOwn(entriesWanted()));
    await settle();
    if (done === 0) ownMayWait = false;
    return done;
  }

  const abandoned = async (): Promise<number> => {
    const done = await fromStream(() => stream.claimAbandoned(entriesWanted(), abandonedAfterMs));
    await settle();
    return done;
  };

  const loops = [
    createDrainLoop({
      name: 'stream',
      logger,
      step: async () => (await own()) || (await fromStream(() => stream.readNew(entriesWanted(), WAIT_MS))),
      idleMs: 0,
    }),
    createDrainLoop({ name: 'rows', logger, step: () => batches.takeRows(), idleMs: WAIT_MS }),
    createDrainLoop({ name: 'abandoned', logger, step: abandoned, idleMs: ABANDONED_EVERY_MS }),
  ];

  return {
    start: () => loops.forEach((loop) => loop.start()),
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await Promise.all(inWork);
      await news.settled();
    },
    async drainOnce() {
      let total = 0;
      const steps = [
        own,
        abandoned,
        () => fromStream(() => stream.readNew(entriesWanted(), 0)),
        () => batches.takeRows(),
      ];
      for (const step of steps) {
        for (let done = await step(); done > 0; done = await step()) total += done;
        await settle();
      }
      await news.settled();
      return total;
    },
  };
}
