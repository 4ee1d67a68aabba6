import type { Tx } from '@turnpike/db/database.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import type { Breaker } from '../access/breaker.js';
import type { AccountingRecord } from './accounting-record.js';
import { insertUnmergedRecord } from './accounting-record.store.js';

export type IntakePath = 'redis' | 'postgres';

/** Field of a stream entry that holds the record as JSON. */
export const RECORD_FIELD = 'r';

export interface AccountingIntakeOptions {
  /** Durable Redis, use `radius`. */
  readonly redis: Redis;
  /** Key of the stream. */
  readonly stream: string;
  readonly breaker: Breaker;
  readonly db: Tx;
}

export interface AccountingIntake {
  /** Resolves once the record is on disk somewhere; rejects when neither store took it. */
  keep(record: AccountingRecord): Promise<IntakePath>;
}

/**
 * Puts a record where it survives: the durable Redis, which answers only after fsync, else PostgreSQL. A write that Redis
 * did after we gave up on it comes twice; its key makes that harmless.
 */
export function createAccountingIntake({ redis, stream, breaker, db }: AccountingIntakeOptions): AccountingIntake {
  return {
    async keep(record) {
      const body = JSON.stringify(record);
      try {
        await breaker.run(() => redis.xadd(stream, '*', RECORD_FIELD, body));
        return 'redis';
      } catch {
        await insertUnmergedRecord(db, record, body);
        return 'postgres';
      }
    },
  };
}
