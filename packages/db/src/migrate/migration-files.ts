import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';

export interface MigrationFile {
  /** Directory name, `<14 digits>_<name>`; the order of names is the order of application. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hex, as Prisma stores it. */
  readonly checksum: string;
}

async function readMigration(dir: string, name: string): Promise<MigrationFile> {
  const file = path.join(dir, name, 'migration.sql');
  const sql = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('internal', `${file} cannot be read: a migration directory needs a migration.sql`, { cause });
  });
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

/** The migrations below `dir` in the order in which they are applied. */
export async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readMigration(dir, name)));
}

/** Writes a new migration and gives its directory name. Errors: AppError `validation_failed` for an unusable name. */
export async function writeMigration(dir: string, name: string, sql: string, now: Date): Promise<string> {
  if (!/^[a-z0-9][a-z0-9_]{0,60}$/.test(name)) {
    throw new AppError('validation_failed', `"${name}" is not a migration name: use small letters, digits and _`);
  }
  const directory = `${now.toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`;
  await mkdir(path.join(dir, directory));
  await writeFile(path.join(dir, directory, 'migration.sql'), sql);
  return directory;
}
