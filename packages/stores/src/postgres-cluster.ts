import { access, chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';
import { canEnter, outsidePlaceFor } from './outside-place.js';
import { type PostgresTools, runTool } from './postgres-tools.js';
import type { ServerAccount } from './server-account.js';

export const SUPERUSER = 'turnpike';

/** Where the cluster of `dir` is to be: there, or outside when the server's account cannot enter its parent. */
export async function placeCluster(dir: string, account: ServerAccount | undefined): Promise<string> {
  const parent = path.dirname(dir);
  await mkdir(parent, { recursive: true });
  if (account === undefined || (await canEnter(account, parent))) return dir;
  return path.join(await outsidePlaceFor(dir), 'cluster');
}

/** Where an earlier start has put the cluster of `dir`; does not create anything. */
export async function knownCluster(dir: string): Promise<string> {
  const place = await readFile(`${dir}.location`, 'utf8').catch(() => undefined);
  return place === undefined ? dir : path.join(place, 'cluster');
}

export interface NewCluster {
  readonly cluster: string;
  /** Password of the superuser `turnpike`. */
  readonly password: string;
  /** Skips waiting for the disk. */
  readonly ephemeral: boolean;
}

/** Makes the cluster when there is none: beside its place and moved there when whole, so that an interrupted start leaves none. */
export async function ensureCluster(tools: PostgresTools, wanted: NewCluster): Promise<void> {
  const { cluster } = wanted;
  const exists = await access(path.join(cluster, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (exists) return chmod(cluster, 0o700);
  const fresh = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, `${wanted.password}\n`, { mode: 0o600 });
  await giveTo(tools.account, [fresh, passwordFile]);
  const args = ['-D', fresh, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  args.push('-E', 'UTF8', '--locale=C.UTF-8', ...(wanted.ephemeral ? ['--no-sync'] : []));
  const made = await runTool(tools, 'initdb', args);
  await rm(passwordFile, { force: true });
  if (!made.ok) throw new AppError('unavailable', `PostgreSQL could not make its data directory: ${made.explanation}`);
  await rename(fresh, cluster);
}

async function giveTo(account: ServerAccount | undefined, files: readonly string[]): Promise<void> {
  if (account === undefined) return;
  for (const file of files) await chown(file, account.uid, account.gid);
}
