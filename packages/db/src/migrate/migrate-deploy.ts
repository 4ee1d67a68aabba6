import { randomUUID } from 'node:crypto';
import { AppError, messageOf } from '@turnpike/core/app-error.js';
import pg from 'pg';
import { type MigrationFile, readMigrations } from './migration-files.js';

/** The advisory lock of Prisma's schema engine, so that the two never migrate at the same time. */
const MIGRATION_LOCK = 72_707_369;

/** The table of Prisma's schema engine, column by column: `prisma migrate` understands what we did and the reverse. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

const RECORD = `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count, logs)
  VALUES ($1, $2, $3, CASE WHEN $4::text IS NULL THEN now() END, CASE WHEN $4::text IS NULL THEN 1 ELSE 0 END, $4)`;

export interface DeployOptions {
  readonly url: string;
  /** Directory with one directory for each migration. */
  readonly dir: string;
  readonly log?: (line: string) => void;
}

export interface Deployed {
  /** Names of the migrations this call applied. */
  readonly applied: readonly string[];
  /** How many there are in all. */
  readonly total: number;
}

async function appliedChecksums(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  // A row without an end is a migration that failed; it was rolled back whole, so it may be tried again.
  await client.query(
    'UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL',
  );
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT migration_name AS name, checksum FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

function refuseEdited(files: readonly MigrationFile[], applied: ReadonlyMap<string, string>): void {
  const edited = files.filter(({ name, checksum }) => (applied.get(name) ?? checksum) !== checksum);
  if (edited.length === 0) return;
  const names = edited.map(({ name }) => name).join(', ');
  throw new AppError(
    'conflict',
    `edited after it was applied: ${names}. Put the file back and write a new migration instead`,
  );
}

/** One transaction: the statements and the row that says they were applied. */
async function apply(client: pg.Client, { name, sql, checksum }: MigrationFile): Promise<void> {
  if (/^\s*(COMMIT|ROLLBACK)\b/im.test(sql)) {
    throw new AppError('conflict', `migration ${name} ends its transaction itself: it must leave that to the runner`);
  }
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(RECORD, [randomUUID(), checksum, name, null]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    await client.query(RECORD, [randomUUID(), checksum, name, messageOf(cause)]);
    throw new AppError('conflict', `migration ${name} failed and was rolled back: ${messageOf(cause)}`, { cause });
  }
}

async function deployLocked(client: pg.Client, { dir, log }: DeployOptions): Promise<Deployed> {
  await client.query(MIGRATIONS_TABLE);
  const files = await readMigrations(dir);
  const before = await appliedChecksums(client);
  refuseEdited(files, before);
  const applied: string[] = [];
  for (const file of files.filter(({ name }) => !before.has(name))) {
    await apply(client, file);
    applied.push(file.name);
    log?.(`applied ${file.name}`);
  }
  return { applied, total: files.length };
}

/**
 * Applies what is not applied yet, each migration whole or not at all; several processes may call it at once.
 * Errors: AppError `conflict` for a migration that fails or was edited after it was applied.
 */
export async function deployMigrations(options: DeployOptions): Promise<Deployed> {
  const client = new pg.Client({
    connectionString: options.url,
    connectionTimeoutMillis: 10_000,
    application_name: 'turnpike-migrate',
  });
  await client.connect();
  try {
    await client.query(`SET lock_timeout = '120s'`);
    await client.query(`SET client_min_messages = warning`);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await deployLocked(client, options);
  } finally {
    await client.end();
  }
}
