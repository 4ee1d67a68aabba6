import { execFile } from 'node:child_process';
import { access, constants, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Where FreeRADIUS lies: the installed one, or Debian's packages unpacked. Everything is readable by this user. */
export interface Freeradius {
  readonly binary: string;
  /** The stock configuration; `mods-config/sql/main/postgresql/queries.conf` lies below it. */
  readonly raddb: string;
  /** Modules (`rlm_*.so`), the setting `libdir`. */
  readonly libDir: string;
  /** Argument of `-D`. */
  readonly dictionaryDir: string;
  /** LD_LIBRARY_PATH the binary needs; empty for the installed one. */
  readonly libraryPath: string;
  /** Stock tables for PostgreSQL. */
  readonly postgresSchema: string;
  /** As the program itself says, for example `3.2.1`. */
  readonly version: string;
}

/** FreeRADIUS cannot be had on this machine; the message says why, in a sentence for the terminal. */
export class FreeradiusUnavailable extends Error {}

const PACKAGES = ['freeradius', 'freeradius-common', 'freeradius-config', 'freeradius-postgresql', 'libfreeradius3'];
const PROBED_MODULES = [
  'rlm_pap.so',
  'rlm_chap.so',
  'rlm_mschap.so',
  'rlm_always.so',
  'rlm_sql.so',
  'rlm_sql_postgresql.so',
];
const TIMEOUT_MS = 300_000;

const run = promisify(execFile);

/**
 * The installed FreeRADIUS 3 with its PostgreSQL module, else Debian's packages, fetched by apt and unpacked below
 * `tempDir`; needs no root. Rejects with FreeradiusUnavailable where neither is possible.
 */
export async function getFreeradius(tempDir: string): Promise<Freeradius> {
  const installed = await inspect('/');
  if (installed !== undefined) return installed;
  const tree = path.join(tempDir, 'freeradius-tree');
  await unpack(tempDir, tree);
  const unpacked = await inspect(tree);
  if (unpacked !== undefined) return unpacked;
  throw new FreeradiusUnavailable("Debian's freeradius was unpacked but does not run here (is this an other release?)");
}

/** What lies below `root` ("/" for the installed one); undefined where it is not complete or does not run. */
async function inspect(root: string): Promise<Freeradius | undefined> {
  const found = {
    binary: path.join(root, 'usr/sbin/freeradius'),
    raddb: path.join(root, 'etc/freeradius/3.0'),
    libDir: path.join(root, 'usr/lib/freeradius'),
    dictionaryDir: path.join(root, 'usr/share/freeradius'),
    libraryPath: root === '/' ? '' : await libraryPathBelow(root),
  };
  const postgres = path.join(found.raddb, 'mods-config/sql/main/postgresql');
  const postgresSchema = path.join(postgres, 'schema.sql');
  const needed = [
    postgresSchema,
    path.join(postgres, 'queries.conf'),
    path.join(found.dictionaryDir, 'dictionary'),
    ...PROBED_MODULES.map((name) => path.join(found.libDir, name)),
  ];
  try {
    await Promise.all(needed.map((file) => access(file, constants.R_OK)));
    const env = environmentOf(found.libraryPath);
    const { stdout } = await run(found.binary, ['-v'], { env, timeout: 10_000 });
    const version = /FreeRADIUS Version (3\.\d+\.\d+)/.exec(stdout)?.[1];
    return version === undefined ? undefined : { ...found, postgresSchema, version };
  } catch {
    return undefined;
  }
}

/** Environment the binary is to be run with. */
export function environmentOf(libraryPath: string): Record<string, string> {
  return libraryPath === '' ? {} : { LD_LIBRARY_PATH: libraryPath };
}

async function libraryPathBelow(root: string): Promise<string> {
  const lib = path.join(root, 'usr/lib');
  const names = await readdir(lib).catch(() => []);
  const triplets = names.filter((name) => name.endsWith('-linux-gnu')).map((name) => path.join(lib, name));
  const old = triplets.map((directory) => path.join(root, 'lib', path.basename(directory)));
  return [path.join(lib, 'freeradius'), ...triplets, ...old].join(':');
}

async function unpack(tempDir: string, tree: string): Promise<void> {
  const downloads = path.join(tempDir, 'freeradius-packages');
  await mkdir(downloads, { recursive: true });
  await mkdir(tree, { recursive: true });
  try {
    const state = (await knowsPackages([])) ? [] : await ownPackageLists(tempDir);
    const names = await packagesToFetch(state);
    await run('apt-get', [...state, '-qq', 'download', ...names], { cwd: downloads, timeout: TIMEOUT_MS });
    for (const file of await readdir(downloads)) {
      if (file.endsWith('.deb')) await run('dpkg', ['-x', path.join(downloads, file), tree], { timeout: TIMEOUT_MS });
    }
  } catch (cause) {
    throw new FreeradiusUnavailable(`freeradius is not installed and apt could not fetch it: ${firstLine(cause)}`, {
      cause,
    });
  }
}

async function knowsPackages(state: readonly string[]): Promise<boolean> {
  return run('apt-cache', [...state, 'policy', 'freeradius-postgresql'], { timeout: TIMEOUT_MS }).then(
    ({ stdout }) => /Candidate: \d/.test(stdout),
    (error: unknown) =>
      isMissingProgram(error) ? Promise.reject(error instanceof Error ? error : new Error('no apt')) : false,
  );
}

/** Package lists in a directory of our own, for a machine whose lists are empty and a user who may not fill them. */
async function ownPackageLists(tempDir: string): Promise<string[]> {
  const lists = path.join(tempDir, 'apt-lists');
  const cache = path.join(tempDir, 'apt-cache');
  await mkdir(path.join(lists, 'partial'), { recursive: true });
  await mkdir(path.join(cache, 'archives/partial'), { recursive: true });
  const state = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${cache}`];
  await run('apt-get', [...state, '-qq', 'update'], { timeout: TIMEOUT_MS });
  return state;
}

/** Our packages and what they depend on that is not installed, as apt itself resolves it. */
async function packagesToFetch(state: readonly string[]): Promise<string[]> {
  const plan = ['install', '--print-uris', '--yes', '--no-install-recommends', ...PACKAGES];
  const { stdout } = await run('apt-get', [...state, '-qq', ...plan], { timeout: TIMEOUT_MS });
  const names = [...stdout.matchAll(/^'[^']+' ([a-z0-9][a-z0-9+.-]*)_/gm)].flatMap((match) => match[1] ?? []);
  return [...new Set([...PACKAGES, ...names])];
}

function isMissingProgram(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function firstLine(error: unknown): string {
  if (isMissingProgram(error)) return 'this is not Debian (no apt)';
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').find((line) => line.startsWith('E: ')) ?? text.split('\n')[0] ?? text;
}
