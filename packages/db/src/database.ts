import { PrismaPg } from '@prisma/adapter-pg';
import { backoffMs } from '@turnpike/core/backoff.js';
import { PrismaClient, type Prisma } from './generated/client.js';
import { isRetryable } from './database-errors.js';
import { createStatementNames } from './statement-names.js';
import { openPool, poolUse, type DatabaseOptions, type PoolUse } from './pool.js';

export type { DatabaseOptions } from './pool.js';

export type Db = PrismaClient;
/** What a store takes: the client itself or a transaction of it. */
export type Tx = Prisma.TransactionClient;

/** Runs `work` in one transaction; deadlocks and serialization failures are retried up to three times. */
export type Transact = <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>;

export interface Database {
  readonly db: Db;
  readonly transact: Transact;
  /** One round trip; rejects when PostgreSQL does not answer within the statement timeout. */
  ping(): Promise<void>;
  poolUse(): PoolUse;
  close(): Promise<void>;
}

const TRANSACTION_TRIES = 4;
const RETRY = { firstMs: 20, factor: 3, maxMs: 500, jitter: 0.5 };

export function openDatabase(options: DatabaseOptions): Database {
  const pool = openPool(options);
  const { nameOf } = createStatementNames();
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => nameOf(sql) });
  const db = new PrismaClient({ adapter, errorFormat: 'minimal' });
  return {
    db,
    transact: (work) => transactWithRetry(db, work),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    poolUse: () => poolUse(pool, options),
    close: async () => {
      await db.$disconnect();
      await pool.end();
    },
  };
}

async function transactWithRetry<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.$transaction(work, { maxWait: 5_000, timeout: 15_000 });
    } catch (error) {
      if (attempt >= TRANSACTION_TRIES || !isRetryable(error)) throw error;
      const delayMs = backoffMs(RETRY, attempt, Math.random);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}
