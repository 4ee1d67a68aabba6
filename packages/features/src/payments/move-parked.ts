import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import { isDataFault } from '@turnpike/db/database-errors.js';
import type { Sql } from '@turnpike/db/sql.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { ParkedCallbacks, ParkedMessage } from './parked-callbacks.js';
import { keepParked } from './payment-message.store.js';

interface Deps {
  readonly sql: Sql;
  readonly parked: ParkedCallbacks;
  readonly wake: () => void;
  readonly logger: Logger;
  readonly crash?: CrashPoints;
}

/**
 * Moves what providers said while PostgreSQL was away to where it is handled; gives how many messages were kept. Each is kept once,
 * however many move at the same time and whatever dies in between: it is removed after the commit, under the id it was parked with.
 * What names no payment is dropped. Rejects while a store is away.
 */
export type MoveParked = (signal: AbortSignal) => Promise<number>;

const BATCH = 200;

export function createParkedMover({ sql, parked, wake, logger, crash = noCrashPoints }: Deps): MoveParked {
  const unreadable = new Set<string>();

  /** One that PostgreSQL refuses for what is in it must not keep the others waiting. */
  async function keep(messages: readonly ParkedMessage[]): Promise<number> {
    try {
      return await keepParked(sql, messages);
    } catch (error) {
      if (!isDataFault(error)) throw error;
      const [first] = messages;
      if (messages.length > 1 || first === undefined) return keepEach(messages);
      logger.error({ err: error, messageId: first.id }, 'a payment result that PostgreSQL refuses has been dropped');
      return 0;
    }
  }

  async function keepEach(messages: readonly ParkedMessage[]): Promise<number> {
    let kept = 0;
    for (const message of messages) kept += await keep([message]);
    return kept;
  }

  /** It waits for its key; everything else is moved past it. */
  function complain(entryId: string): void {
    if (unreadable.has(entryId)) return;
    unreadable.add(entryId);
    logger.error(
      { entryId },
      'a payment result cannot be read: put the key it was sealed with back into ENCRYPTION_KEYS',
    );
  }

  return async (signal) => {
    let [moved, after]: [number, string | undefined] = [0, undefined];
    for (;;) {
      signal.throwIfAborted();
      const entries = await parked.read(after, BATCH);
      const readable = entries.filter(({ message }) => message !== undefined);
      for (const { entryId, message } of entries) if (message === undefined) complain(entryId);
      if (readable.length > 0) {
        moved += await keep(readable.flatMap(({ message }) => message ?? []));
        crash.pass('worker.parked-moved');
        await parked.remove(readable.map(({ entryId }) => entryId));
        wake();
      }
      after = entries.at(-1)?.entryId;
      if (entries.length < BATCH) break;
    }
    if (moved > 0) logger.info({ moved }, 'payment results that waited for PostgreSQL are handled now');
    return moved;
  };
}
