import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { libraryDirectoriesOf, PackagesUnavailable, unpackPackages } from '../debian-packages.js';

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
  return [path.join(root, 'usr/lib/freeradius'), ...(await libraryDirectoriesOf(root))].join(':');
}

async function unpack(tempDir: string, tree: string): Promise<void> {
  try {
    await unpackPackages({ tempDir, tree, packages: PACKAGES });
  } catch (cause) {
    if (!(cause instanceof PackagesUnavailable)) throw cause;
    throw new FreeradiusUnavailable(`freeradius is not installed and apt could not fetch it: ${cause.message}`, {
      cause,
    });
  }
}
