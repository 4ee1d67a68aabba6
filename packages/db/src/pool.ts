import pg from 'pg';

export interface DatabaseOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly maxConnections: number;
  /** Longest a statement may run, ms. */
  readonly statementTimeoutMs?: number;
  /** Longest to wait for a connection that is free, ms. */
  readonly acquireTimeoutMs?: number;
}

/** What the connections of a process are doing now. */
export interface PoolUse {
  readonly used: number;
  readonly idle: number;
  /** Those who wait for a connection. */
  readonly waiting: number;
  readonly limit: number;
}

export function poolUse(pool: pg.Pool, { maxConnections }: DatabaseOptions): PoolUse {
  const { totalCount, idleCount, waitingCount } = pool;
  return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount, limit: maxConnections };
}

/**
 * Disks without arms: by PostgreSQL's default a thousand look-ups by key cost more than reading the whole table. And a list of
 * ten million rows must not be planned without knowing what is asked for, which prepared statements are after five times.
 */
const PLANNER = '-c random_page_cost=1.1 -c plan_cache_mode=force_custom_plan';

/** Connections of which none waits for ever: for the server, for a lock, or for an answer. */
export function openPool(options: DatabaseOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 10_000;
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 3_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 2_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 15_000,
    keepAlive: true,
    options: PLANNER,
  });
  // An idle connection that the server closed is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
