import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';
import pg from 'pg';
import { removeOutsidePlace } from './outside-place.js';
import { postgresBinaries } from './postgres-binaries.js';
import { type Postmaster, readPostmaster } from './postmaster-file.js';
import { waitForExit } from './process-alive.js';
import { SUPERUSER, ensureCluster, knownCluster, placeCluster } from './postgres-cluster.js';
import { type PostgresTools, runTool } from './postgres-tools.js';
import { serverAccount } from './server-account.js';

export interface PostgresOptions {
  /** Directory of the cluster; created at the first start. */
  readonly dir: string;
  readonly port: number;
  /** Password of the superuser `turnpike`; only letters and digits. */
  readonly password: string;
  /** Database to create; `turnpike` when not given. */
  readonly database?: string;
  /** For tests: nothing survives a power cut, everything is faster. */
  readonly ephemeral?: boolean;
}

export interface RunningPostgres extends Postmaster {
  readonly url: string;
  /** False when it was already running. */
  readonly started: boolean;
  /** Where the cluster is; differs from `dir` when the server's account cannot enter that. */
  readonly cluster: string;
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  "unix_socket_directories=''",
  'max_connections=300',
  'shared_buffers=192MB',
  'max_wal_size=2GB',
  'timezone=UTC',
  'log_timezone=UTC',
  'jit=off',
];
const EPHEMERAL_SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

async function launch(tools: PostgresTools, cluster: string, options: PostgresOptions): Promise<void> {
  const settings = options.ephemeral === true ? [...SETTINGS, ...EPHEMERAL_SETTINGS] : SETTINGS;
  const serverOptions = [`-p ${options.port}`, ...settings.map((setting) => `-c ${setting}`)].join(' ');
  const log = path.join(cluster, 'server.log');
  const started = await runTool(tools, 'pg_ctl', [
    '-D',
    cluster,
    '-l',
    log,
    '-w',
    '-t',
    '60',
    '-o',
    serverOptions,
    'start',
  ]);
  if (started.ok) return;
  const lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-8);
  throw new AppError('unavailable', `PostgreSQL did not start: ${started.explanation}\n${lines.join('\n')}`);
}

function urlFor(options: PostgresOptions, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${options.password}@127.0.0.1:${port}/${database}`;
}

async function ensureDatabase(options: PostgresOptions, port: number, database: string): Promise<void> {
  const client = new pg.Client({
    connectionString: urlFor(options, port, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (known.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts the PostgreSQL that comes with Turnpike on 127.0.0.1, or finds it running. The server outlives this process.
 * Errors: AppError `unavailable` with the server's own words.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const account = await serverAccount();
  const cluster = await placeCluster(options.dir, account);
  const before = await readPostmaster(cluster);
  if (before === undefined) {
    const tools = { bin: await postgresBinaries(account), account };
    await ensureCluster(tools, { cluster, password: options.password, ephemeral: options.ephemeral === true });
    await launch(tools, cluster, options);
  }
  const running = before ?? (await readPostmaster(cluster));
  if (running === undefined) throw new AppError('unavailable', 'PostgreSQL ended right after its start');
  const database = options.database ?? 'turnpike';
  await ensureDatabase(options, running.port, database);
  return { ...running, url: urlFor(options, running.port, database), started: before === undefined, cluster };
}

/** The server of this directory, or nothing when it does not run. */
export async function findPostgres(dir: string): Promise<Postmaster | undefined> {
  return readPostmaster(await knownCluster(dir));
}

/** Stops the server of this directory; false when none ran. `remove` deletes the cluster as well. */
export async function stopPostgres({ dir, remove = false }: { dir: string; remove?: boolean }): Promise<boolean> {
  const cluster = await knownCluster(dir);
  const running = await readPostmaster(cluster);
  if (running !== undefined) {
    await stopServer(cluster);
    await waitForExit(running.pid, 10_000);
  }
  if (remove) {
    await rm(dir, { recursive: true, force: true });
    await removeOutsidePlace(dir);
  }
  return running !== undefined;
}

async function stopServer(cluster: string): Promise<void> {
  const account = await serverAccount();
  const tools = { bin: await postgresBinaries(account), account };
  const stopped = await runTool(tools, 'pg_ctl', ['-D', cluster, '-m', 'fast', '-w', '-t', '30', 'stop']);
  if (stopped.ok) return;
  const forced = await runTool(tools, 'pg_ctl', ['-D', cluster, '-m', 'immediate', '-w', '-t', '10', 'stop']);
  if (!forced.ok) throw new AppError('unavailable', `PostgreSQL did not stop: ${forced.explanation}`);
}
