import { randomUUID } from 'node:crypto';
import { access, chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from './process-alive.js';
import { runProgram } from './run-program.js';
import type { ServerAccount } from './server-account.js';

/**
 * Root may keep a clone below a directory only root can enter (`/root`, a private temporary directory). PostgreSQL runs
 * under another account, so its files then live here, each place naming the data directory it belongs to.
 */
export const OUTSIDE_ROOT = '/var/lib/turnpike';
const OWNER_FILE = 'owner';

/** Whether `account` can enter `dir` and read in it. */
export async function canEnter(account: ServerAccount, dir: string): Promise<boolean> {
  return (await runProgram('test', ['-x', dir], { account })).ok;
}

/** Creates a directory that every account can enter, whatever the umask says; parents too. */
export async function makeEnterable(dir: string): Promise<void> {
  const created = await mkdir(dir, { recursive: true });
  for (let at = dir; created !== undefined && at.length >= created.length; at = path.dirname(at))
    await chmod(at, 0o755);
}

/** Whether the directory named by `pointer` still says that `place` is its own. */
async function isOwned(place: string): Promise<boolean> {
  const pointer = await readFile(path.join(place, OWNER_FILE), 'utf8').catch(() => undefined);
  if (pointer === undefined) return false;
  return (await readFile(pointer, 'utf8').catch(() => undefined)) === place;
}

async function isInUse(place: string): Promise<boolean> {
  const lock = await readFile(path.join(place, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(lock.split('\n')[0]);
  return pid > 0 && isAlive(pid);
}

/** Removes the places whose data directory was deleted. */
async function removeOrphans(places: string): Promise<void> {
  for (const name of await readdir(places).catch(() => [])) {
    const place = path.join(places, name);
    if (!(await isOwned(place)) && !(await isInUse(place))) await rm(place, { recursive: true, force: true });
  }
}

/** The enterable directory that stands for `dir`, remembered in the file `<dir>.location`; created when there is none. */
export async function outsidePlaceFor(dir: string): Promise<string> {
  const pointer = `${dir}.location`;
  const known = await readFile(pointer, 'utf8').catch(() => undefined);
  const knownIsThere =
    known !== undefined &&
    (await access(known).then(
      () => true,
      () => false,
    ));
  if (knownIsThere) return known;
  const places = path.join(OUTSIDE_ROOT, 'clusters');
  await removeOrphans(places);
  const place = path.join(places, randomUUID());
  await mkdir(path.dirname(dir), { recursive: true });
  await writeFile(pointer, place);
  await makeEnterable(place);
  await writeFile(path.join(place, OWNER_FILE), pointer);
  return place;
}

/** Removes the place that stands for `dir`, if there is one. */
export async function removeOutsidePlace(dir: string): Promise<void> {
  const pointer = `${dir}.location`;
  const place = await readFile(pointer, 'utf8').catch(() => undefined);
  if (place !== undefined) await rm(place, { recursive: true, force: true });
  await rm(pointer, { force: true });
}
