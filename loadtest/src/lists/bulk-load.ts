import pg from 'pg';
import type { Say } from '../radius/target.js';
import { bulks, type Bulk, type Sizes } from './bulk-rows.js';
import { CREATE_ID_AT } from './lists-ids.js';

const CHUNK = 250_000;

/**
 * Fills the tables of an instance of our own: by statements that make their rows themselves, without foreign keys being looked
 * up, and with the indexes that may be missing meanwhile made afterwards. Gives the moment that the rows lead up to.
 */
export async function loadBulk(url: string, sizes: Sizes, say: Say, signal: AbortSignal): Promise<Date> {
  const client = new pg.Client({ connectionString: url, application_name: 'turnpike-loadtest' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const statement of PREPARE) await client.query(statement);
    const { rows }: { rows: { at: Date }[] } = await client.query('SELECT at FROM loaded');
    for (const bulk of bulks(sizes)) await loadTable(client, bulk, say, signal);
    for (const statement of FINISH) await client.query(statement);
    return rows[0]?.at ?? new Date();
  } finally {
    await client.end().catch(() => undefined);
  }
}

const PREPARE = [
  `SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; SET work_mem = '64MB'`,
  CREATE_ID_AT,
  'CREATE TEMP TABLE loaded AS SELECT now() AS at',
  ...['package', 'router', 'customer'].map(
    (table) => `CREATE TEMP TABLE load_${table} (n bigint PRIMARY KEY, id uuid)`,
  ),
  'CREATE TEMP TABLE load_terms AS SELECT terms FROM voucher_batch LIMIT 1',
  `INSERT INTO ledger_account (id, kind, owner, currency)
   VALUES (gen_random_uuid(), 'sales', 'load', 'KES'), (gen_random_uuid(), 'provider', 'load', 'KES')`,
];

/** Figures of days that were kept before there was anything are counted anew by the worker. */
const FINISH = [
  `UPDATE ledger_account a SET balance_minor = (SELECT coalesce(sum(amount_minor), 0) FROM ledger_posting WHERE account_id = a.id)
   WHERE owner = 'load'`,
  'DELETE FROM daily_usage',
  'DELETE FROM daily_revenue',
];

async function loadTable(client: pg.Client, { table, rows, sql }: Bulk, say: Say, signal: AbortSignal): Promise<void> {
  const startedMs = performance.now();
  const rebuild = rows > CHUNK ? await dropIndexes(client, table) : [];
  for (let from = 1; from <= rows; from += CHUNK) {
    signal.throwIfAborted();
    await client.query(sql, [from, Math.min(rows, from + CHUNK - 1)]);
  }
  for (const definition of rebuild) {
    signal.throwIfAborted();
    await client.query(definition);
  }
  await client.query(`VACUUM (ANALYZE) ${table}`);
  await client.query(`ANALYZE load_customer, load_router, load_package`);
  say(`  ${table}: ${rows.toLocaleString('en')} rows in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
}

/** Those that nothing depends on; gives what makes them again. */
async function dropIndexes(client: pg.Client, table: string): Promise<string[]> {
  const { rows }: { rows: { name: string; definition: string }[] } = await client.query(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
     WHERE indrelid = $1::regclass AND NOT indisunique`,
    [table],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}
