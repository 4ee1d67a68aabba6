import { createBatcher } from '@turnpike/core/batcher.js';
import { isDataFault } from '@turnpike/db/database-errors.js';
import type { Sql } from '@turnpike/db/sql.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import type { Breaker } from '../access/breaker.js';
import { encodeRecord, type AccountingRecord } from './accounting-record.js';
import { insertUnmergedRecords, type KeptRecord } from './accounting-record.store.js';

export type IntakePath = 'redis' | 'postgres';

/** Field of a stream entry that holds a record as text; an entry may have several. */
export const RECORD_FIELD = 'r';

export interface AccountingIntakeOptions {
  /** Durable Redis, use `radius`. */
  readonly redis: Redis;
  /** Key of the stream. */
  readonly stream: string;
  readonly breaker: Breaker;
  readonly db: Sql;
}

export interface AccountingIntake {
  /** Resolves once the record is on disk somewhere; rejects when neither store took it. */
  keep(record: AccountingRecord): Promise<IntakePath>;
}

/** Records that came in one turn of the event loop share an entry, and so one command and one fsync. */
const STREAM_GROUP = { maxItems: 64, waitMs: 0, maxRunning: 64 };
/** One INSERT and one commit for what comes within 5 ms. */
const TABLE_GROUP = { maxItems: 200, waitMs: 5, maxRunning: 3 };
const LIMIT = { maxWaiting: 20_000, refusal: 'too much accounting waits' };

/**
 * Puts a record where it survives: the durable Redis, which answers only after fsync, else PostgreSQL. A write that Redis
 * did after we gave up on it comes twice; its key makes that harmless.
 */
export function createAccountingIntake({ redis, stream, breaker, db }: AccountingIntakeOptions): AccountingIntake {
  const toStream = createBatcher<KeptRecord, void>({
    ...STREAM_GROUP,
    ...LIMIT,
    run: async (group) => {
      const fields = group.flatMap(({ body }) => [RECORD_FIELD, body]);
      await breaker.run(() => redis.xadd(stream, '*', ...fields));
      return group.map(() => undefined);
    },
  });
  const toTable = createBatcher<KeptRecord, void>({
    ...TABLE_GROUP,
    ...LIMIT,
    run: async (group) => {
      await insertUnmergedRecords(db, group);
      return group.map(() => undefined);
    },
    mayBeOneItem: isDataFault,
  });

  return {
    async keep(record) {
      const kept = { record, body: encodeRecord(record) };
      try {
        await toStream(kept);
        return 'redis';
      } catch {
        await toTable(kept);
        return 'postgres';
      }
    },
  };
}
