import { messageOf } from '@turnpike/core/app-error.js';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { Transact, Tx } from '@turnpike/db/database.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { createDrainLoop } from './drain-loop.js';
import type { DeviceLeases } from '../access/device-lease.js';
import type { MergeDeps, MergeResult, SessionChange } from './accounting-merge.js';
import { createAccountingBatches } from './accounting-batch.js';
import type { AccountingStream, StreamEntry } from './accounting-stream.js';

export interface AccountingDrainOptions extends MergeDeps {
  readonly stream: AccountingStream;
  readonly db: Tx;
  readonly transact: Transact;
  readonly leases: DeviceLeases;
  readonly live: { publish(event: LiveEvent): unknown };
  /** Tells the outbox relay that there may be work. */
  readonly wake: () => void;
  readonly logger: Logger;
  /** Told of every batch: records taken in and how long it took. */
  readonly onBatch?: (records: number, seconds: number) => void;
  /** Records per transaction. Default 500. */
  readonly batchSize?: number;
  /** How long another drain's entries lie before they are taken over. Default 15 s. */
  readonly abandonedAfterMs?: number;
}

export interface AccountingDrain {
  start(): void;
  /** Finishes the batch under way. */
  stop(): Promise<void>;
  /** Takes in everything there is now; for tests. Gives the number of entries and rows worked on. */
  drainOnce(): Promise<number>;
}

const WAIT_MS = 1_000;
const ABANDONED_EVERY_MS = 5_000;

/**
 * Carries accounting records from the stream, and those that came past a dead Redis, into sessions and entitlements.
 * Several may run at once. An entry is removed only after its transaction is committed, so whatever dies in between is
 * done again, which changes nothing the second time.
 */
export function createAccountingDrain(options: AccountingDrainOptions): AccountingDrain {
  const { stream, leases, live, wake, logger, batchSize = 500, abandonedAfterMs = 15_000 } = options;
  const batches = createAccountingBatches({ ...options, batchSize, onMerged: tell });
  const telling = new Set<Promise<void>>();
  let ownMayWait = true;

  function tell(result: MergeResult): void {
    wake();
    for (const change of result.changes) {
      keepLease(change);
      if (!change.stateChanged) continue;
      const { id: sessionId, username, state } = change;
      void live.publish({ type: 'session', sessionId, username, state });
    }
    for (const { entitlementId, quotaOctets, usedOctets } of result.usages) {
      if (quotaOctets !== null) quietly(leases.noteUsage(entitlementId, usedOctets));
    }
  }

  function keepLease({ entitlementId, callingStationId, key, state }: SessionChange): void {
    if (entitlementId === null) return;
    const claim = { entitlementId, device: callingStationId ?? key, sessionKey: key };
    if (state === 'closed') quietly(leases.release(claim));
    else if (state !== 'stale') quietly(leases.renew(claim));
  }

  // A lease that could not be written runs out, or is taken again by the next interim update.
  function quietly(work: Promise<void>): void {
    const settled = work
      .catch((error: unknown) => logger.debug({ reason: messageOf(error) }, 'a device lease could not be written'))
      .finally(() => telling.delete(settled));
    telling.add(settled);
  }

  async function fromStream(read: () => Promise<StreamEntry[]>): Promise<number> {
    try {
      const entries = await read();
      await batches.takeEntries(entries);
      await stream.finish(entries.map((entry) => entry.id));
      return entries.length;
    } catch (error) {
      ownMayWait = true;
      throw error;
    }
  }

  /** Entries that were handed to us and that an error left unfinished. */
  async function own(): Promise<number> {
    if (!ownMayWait) return 0;
    const done = await fromStream(() => stream.readOwn(batchSize));
    if (done === 0) ownMayWait = false;
    return done;
  }

  const loops = [
    createDrainLoop({
      name: 'stream',
      logger,
      step: async () => (await own()) || (await fromStream(() => stream.readNew(batchSize, WAIT_MS))),
      idleMs: 0,
    }),
    createDrainLoop({ name: 'rows', logger, step: () => batches.takeRows(), idleMs: WAIT_MS }),
    createDrainLoop({
      name: 'abandoned',
      logger,
      step: () => fromStream(() => stream.claimAbandoned(batchSize, abandonedAfterMs)),
      idleMs: ABANDONED_EVERY_MS,
    }),
  ];

  return {
    start: () => loops.forEach((loop) => loop.start()),
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await Promise.all(telling);
    },
    async drainOnce() {
      let total = 0;
      const steps = [
        own,
        () => fromStream(() => stream.claimAbandoned(batchSize, abandonedAfterMs)),
        () => fromStream(() => stream.readNew(batchSize, 0)),
        () => batches.takeRows(),
      ];
      for (const step of steps) for (let done = await step(); done > 0; done = await step()) total += done;
      await Promise.all(telling);
      return total;
    },
  };
}
