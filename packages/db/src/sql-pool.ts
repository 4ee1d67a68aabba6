import pg from 'pg';
import { openPool, poolUse, type DatabaseOptions, type PoolUse } from './pool.js';
import { statementOf, type Sql } from './sql.js';
import { createStatementNames } from './statement-names.js';

/** PostgreSQL without the client: half of the memory that it takes, for processes that only run SQL of their own. */
export interface SqlPool {
  readonly sql: Sql;
  /** One round trip; rejects when PostgreSQL does not answer within the statement timeout. */
  ping(): Promise<void>;
  poolUse(): PoolUse;
  close(): Promise<void>;
}

/** Type int8[], pg_type.oid. */
const INT8_ARRAY = 1016;

/** As the client gives them: a number would lose digits. */
function exactIntegers(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));
  types.setTypeParser(INT8_ARRAY, (text) => bigintsOf(text));
  return types;
}

/** `{1,NULL,3}`, one dimension. */
function bigintsOf(array: string): (bigint | null)[] {
  const items = array.slice(1, -1);
  return items === '' ? [] : items.split(',').map((item) => (item === 'NULL' ? null : BigInt(item)));
}

export function openSqlPool(options: DatabaseOptions): SqlPool {
  const pool = openPool(options);
  const types = exactIntegers();
  const { nameOf } = createStatementNames();
  const run = (...[query, ...values]: Parameters<Sql['$queryRaw']>): Promise<pg.QueryResult> => {
    const statement = statementOf(query, values);
    return pool.query({ name: nameOf(statement.text), text: statement.text, values: [...statement.values], types });
  };
  return {
    sql: {
      $queryRaw: async <Rows>(...query: Parameters<Sql['$queryRaw']>) => {
        const rows: unknown = (await run(...query)).rows;
        // The caller knows what it selects, as with the client.
        return rows as Rows;
      },
      $executeRaw: async (...query) => (await run(...query)).rowCount ?? 0,
    },
    ping: async () => {
      await pool.query('SELECT 1');
    },
    poolUse: () => poolUse(pool, options),
    close: () => pool.end(),
  };
}
