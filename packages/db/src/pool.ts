import pg from 'pg';

export interface DatabaseOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly maxConnections: number;
  /** Longest a statement may run, ms. */
  readonly statementTimeoutMs?: number;
}

/** Disks without arms: by PostgreSQL's default a thousand look-ups by key cost more than reading the whole table. */
const PLANNER = '-c random_page_cost=1.1';

/** Connections of which none waits for ever: for the server, for a lock, or for an answer. */
export function openPool(options: DatabaseOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 10_000;
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections,
    connectionTimeoutMillis: 3_000,
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
