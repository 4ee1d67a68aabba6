import type { Tx } from './database.js';

export interface ServerFigures {
  readonly connections: number;
  readonly connectionLimit: number;
  readonly databaseBytes: bigint;
  /** Of the oldest transaction that is open, seconds; 0: none. */
  readonly oldestTransactionSeconds: number;
  readonly deadlocks: bigint;
}

/** What PostgreSQL says of itself; connections are those of the whole server, the rest is our database's. */
export async function readServerFigures(tx: Tx): Promise<ServerFigures> {
  const [row] = await tx.$queryRaw<ServerFigures[]>`
    SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS "connections",
           current_setting('max_connections')::int AS "connectionLimit",
           pg_database_size(current_database()) AS "databaseBytes",
           (SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::float8 FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()) AS "oldestTransactionSeconds",
           (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()) AS "deadlocks"`;
  if (row === undefined) throw new Error('the query of the server figures gave no row');
  return row;
}
