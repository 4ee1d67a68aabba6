import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { libraryDirectoriesOf, PackagesUnavailable, unpackPackages } from './debian-packages.js';
import type { Say } from './radius/target.js';
import { NotPossibleHere } from './refusals.js';

/** A file and the environment it is to be run with. */
export interface Program {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Name of the file in one of these directories below `/`, and Debian's package with it. `*` stands for one name. */
const WANTED = {
  wrk: { is: /^wrk$/, in: ['usr/bin'], package: 'wrk' },
  taskset: { is: /^taskset$/, in: ['usr/bin'], package: 'util-linux' },
  nginx: { is: /^nginx$/, in: ['usr/sbin'], package: 'nginx' },
  'redis-server': { is: /^redis-server$/, in: ['usr/bin'], package: 'redis-server' },
  'php-fpm': { is: /^php-fpm[\d.]*$/, in: ['usr/sbin'], package: 'php-fpm' },
  'opcache.so': { is: /^opcache\.so$/, in: ['usr/lib/php/*'], package: 'php-fpm' },
  'igbinary.so': { is: /^igbinary\.so$/, in: ['usr/lib/php/*'], package: 'php-igbinary' },
  'redis.so': { is: /^redis\.so$/, in: ['usr/lib/php/*'], package: 'php-redis' },
} as const;
export type ProgramName = keyof typeof WANTED;

export interface SearchOptions {
  /** The variable PATH. */
  readonly searchPath: string;
  /** For Debian's packages where something is missing; removed by the caller. */
  readonly tempDir: string;
  readonly say: Say;
}

/**
 * Programs from PATH and the usual directories, else from Debian's packages, unpacked into a temporary directory. Rejects with
 * NotPossibleHere, which says what to install.
 */
export async function getPrograms<Name extends ProgramName>(
  names: readonly Name[],
  { searchPath, tempDir, say }: SearchOptions,
): Promise<Record<Name, Program>> {
  const base = { PATH: searchPath, LC_ALL: 'C.UTF-8' };
  const found = new Map<ProgramName, Program>();
  const look = async (root: string, env: Record<string, string>): Promise<void> => {
    for (const name of names) {
      const file = found.has(name) ? undefined : await find(name, root, root === '/' ? searchPath.split(':') : []);
      if (file !== undefined) found.set(name, { file, env });
    }
  };
  await look('/', base);
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) {
    say(`${missing.join(', ')}: not installed here, fetching Debian's packages into a temporary directory`);
    const tree = path.join(tempDir, 'programs');
    const packages = [...new Set(missing.map((name) => WANTED[name].package))];
    await unpackPackages({ tempDir, tree, packages }).catch((error: unknown) => {
      if (error instanceof PackagesUnavailable) refuse(missing, error.message);
      throw error;
    });
    await look(tree, { ...base, LD_LIBRARY_PATH: (await libraryDirectoriesOf(tree)).join(':') });
  }
  const file = (name: Name): Program => found.get(name) ?? refuse([name]);
  const all: Partial<Record<Name, Program>> = {};
  for (const name of names) all[name] = file(name);
  if (!isComplete(all, names)) return refuse(names);
  return all;
}

function isComplete<Name extends ProgramName>(
  some: Partial<Record<Name, Program>>,
  names: readonly Name[],
): some is Record<Name, Program> {
  return names.every((name) => some[name] !== undefined);
}

function refuse(names: readonly ProgramName[], reason?: string): never {
  const packages = [...new Set(names.map((name) => WANTED[name].package))].join(' ');
  const why = reason === undefined ? '' : ` (apt could not fetch it: ${reason})`;
  throw new NotPossibleHere(
    `nothing was measured: ${names.join(', ')} is not on this machine${why}. Install it and try again: apt-get install ${packages}`,
  );
}

async function find(name: ProgramName, root: string, more: readonly string[]): Promise<string | undefined> {
  const { is, in: places } = WANTED[name];
  const usual = places.map((place) => path.join(root, place));
  const isLibrary = name.endsWith('.so');
  const directories = isLibrary ? (await Promise.all(usual.map(withStar))).flat() : [...more, ...usual];
  for (const directory of directories) {
    // The newest of several versions.
    const file = (await readdir(directory).catch(() => [])).filter((each) => is.test(each)).toSorted();
    const last = file.at(-1);
    if (last !== undefined) return path.join(directory, last);
  }
  return undefined;
}

async function withStar(place: string): Promise<string[]> {
  if (!place.endsWith('/*')) return [place];
  const parent = place.slice(0, -2);
  return (await readdir(parent).catch(() => [])).map((name) => path.join(parent, name)).toSorted();
}
