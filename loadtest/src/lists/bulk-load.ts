import pg from 'pg';
import type { Say } from '../radius/target.js';
import { bulks, type Bulk, type Sizes } from './bulk-rows.js';
import { CREATE_FUNCTIONS } from './lists-ids.js';

const CHUNK = 100_000;
/** Connections that load at the same time: what is loaded is limited by processors, of which small machines have two. */
const LANES = 2;

export interface Loading {
  /** The moment that the rows lead up to. */
  readonly at: Date;
  readonly databaseBytes: number;
}

/**
 * Fills the tables of an instance of our own: by statements that make their rows themselves on two connections, without foreign
 * keys being looked up, with the indexes that may be missing meanwhile made afterwards, and with a server that would not
 * survive a power cut until it is done. An abort ends what is running.
 */
export async function loadBulk(url: string, sizes: Sizes, say: Say, signal: AbortSignal): Promise<Loading> {
  const clients = await Promise.all(Array.from({ length: LANES }, () => connect(url, signal)));
  const [first] = clients;
  if (first === undefined) throw new Error('nothing to load with');
  try {
    for (const statement of [...FAST_SERVER, ...PREPARE]) await first.query(statement);
    for (const client of clients) await client.query(FAST_SESSION);
    const { rows }: { rows: { at: Date }[] } = await first.query('SELECT at FROM load.loaded');
    for (const bulk of bulks(sizes)) await loadTable(clients, bulk, say, signal);
    for (const statement of [...FINISH, ...SAFE_SERVER]) await first.query(statement);
    const size: { rows: { bytes: string }[] } = await first.query(
      'SELECT pg_database_size(current_database())::text AS bytes',
    );
    return { at: rows[0]?.at ?? new Date(), databaseBytes: Number(size.rows[0]?.bytes ?? 0) };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

/** Ended by an abort, with the statement that is running: building an index would go on for a minute. */
async function connect(url: string, signal: AbortSignal): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'turnpike-loadtest' });
  client.on('error', () => undefined);
  await client.connect();
  signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  return client;
}

const SERVER_SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_wal_size: "'6GB'",
  checkpoint_timeout: "'30min'",
};
const FAST_SERVER = [
  ...Object.entries(SERVER_SETTINGS).map(([name, value]) => `ALTER SYSTEM SET ${name} = ${value}`),
  'SELECT pg_reload_conf()',
];
const SAFE_SERVER = [
  ...Object.keys(SERVER_SETTINGS).map((name) => `ALTER SYSTEM RESET ${name}`),
  'SELECT pg_reload_conf()',
  'CHECKPOINT',
];

const FAST_SESSION =
  `SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; ` +
  `SET work_mem = '64MB'; SET max_parallel_maintenance_workers = 0`;

const PREPARE = [
  'CREATE SCHEMA load',
  ...CREATE_FUNCTIONS,
  'CREATE TABLE load.loaded AS SELECT now() AS at',
  'CREATE TABLE load.terms AS SELECT terms FROM voucher_batch LIMIT 1',
  `INSERT INTO ledger_account (id, kind, owner, currency)
   VALUES (gen_random_uuid(), 'sales', 'load', 'KES'), (gen_random_uuid(), 'provider', 'load', 'KES')`,
];

/** Figures of days that were kept before there was anything are counted anew by the worker. */
const FINISH = [
  `UPDATE ledger_account a SET balance_minor = (SELECT coalesce(sum(amount_minor), 0) FROM ledger_posting WHERE account_id = a.id)
   WHERE owner = 'load'`,
  // What was loaded fired no triggers.
  'DELETE FROM customer_count',
  'INSERT INTO customer_count (customers) SELECT count(*) FROM customer',
  'DELETE FROM daily_usage',
  'DELETE FROM daily_revenue',
  'DELETE FROM sold_part',
  'DELETE FROM sold_day',
  'DROP SCHEMA load CASCADE',
];

async function loadTable(
  clients: readonly pg.Client[],
  { table, rows, sql }: Bulk,
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  const [first] = clients;
  if (first === undefined) return;
  const watch = stopwatch();
  const rebuild = rows > CHUNK ? await dropIndexes(first, table) : [];
  const chunks = Array.from({ length: Math.ceil(rows / CHUNK) }, (_, chunk) => chunk * CHUNK + 1);
  await inTurns(clients, chunks, signal, (client, from) => client.query(sql, [from, Math.min(rows, from + CHUNK - 1)]));
  const rowsTook = watch();
  await inTurns(clients, rebuild, signal, (client, definition) => client.query(definition));
  const indexesTook = watch();
  await first.query(`VACUUM (ANALYZE) ${table}`);
  const parts =
    rebuild.length === 0 ? '' : ` (rows ${rowsTook}, ${rebuild.length} indexes ${indexesTook}, vacuum ${watch()})`;
  say(`  ${table}: ${rows.toLocaleString('en')} rows in ${watch.total()}${parts}`);
}

/** Each connection takes the next one as soon as it is free. */
async function inTurns<Item>(
  clients: readonly pg.Client[],
  items: readonly Item[],
  signal: AbortSignal,
  work: (client: pg.Client, item: Item) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const lane = async (client: pg.Client): Promise<void> => {
    for (const item of left) {
      signal.throwIfAborted();
      await work(client, item);
    }
  };
  await Promise.all(clients.map(lane));
}

/** Gives the seconds since it was last asked. */
function stopwatch(): { (): string; total(): string } {
  const begunMs = performance.now();
  let lastMs = begunMs;
  const seconds = (fromMs: number): string => `${((performance.now() - fromMs) / 1_000).toFixed(1)} s`;
  const lap = (): string => {
    const text = seconds(lastMs);
    lastMs = performance.now();
    return text;
  };
  return Object.assign(lap, { total: () => seconds(begunMs) });
}

/** All but those that a constraint is made of; gives what makes them again. */
async function dropIndexes(client: pg.Client, table: string): Promise<string[]> {
  const { rows }: { rows: { name: string; definition: string }[] } = await client.query(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
     WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`,
    [table],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}
