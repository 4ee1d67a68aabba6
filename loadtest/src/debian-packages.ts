import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** apt cannot give the packages; the message says why, in a sentence for the terminal. */
export class PackagesUnavailable extends Error {}

export interface UnpackOptions {
  /** Lists of packages and the packages themselves are kept there meanwhile. */
  readonly tempDir: string;
  /** Where the packages are unpacked, as below `/`. */
  readonly tree: string;
  readonly packages: readonly string[];
}

const TIMEOUT_MS = 300_000;

const run = promisify(execFile);

/**
 * Debian's packages and what they need that is not installed, fetched by apt and unpacked; needs no root and changes nothing
 * of the system. Rejects with PackagesUnavailable.
 */
export async function unpackPackages({ tempDir, tree, packages }: UnpackOptions): Promise<void> {
  const downloads = path.join(tempDir, 'packages');
  await mkdir(downloads, { recursive: true });
  await mkdir(tree, { recursive: true });
  try {
    const state = (await knowsPackages(packages)) ? [] : await ownPackageLists(tempDir);
    const names = await packagesToFetch(packages, state);
    await run('apt-get', [...state, '-qq', 'download', ...names], { cwd: downloads, timeout: TIMEOUT_MS });
    for (const file of await readdir(downloads)) {
      if (file.endsWith('.deb')) await run('dpkg', ['-x', path.join(downloads, file), tree], { timeout: TIMEOUT_MS });
    }
  } catch (cause) {
    throw new PackagesUnavailable(firstLine(cause), { cause });
  }
}

/** Directories with shared libraries below a tree, for LD_LIBRARY_PATH. */
export async function libraryDirectoriesOf(tree: string): Promise<string[]> {
  const lib = path.join(tree, 'usr/lib');
  const names = await readdir(lib).catch(() => []);
  const triplets = names.filter((name) => name.endsWith('-linux-gnu'));
  return [...triplets.map((name) => path.join(lib, name)), ...triplets.map((name) => path.join(tree, 'lib', name))];
}

async function knowsPackages(packages: readonly string[]): Promise<boolean> {
  return run('apt-cache', ['policy', ...packages], { timeout: TIMEOUT_MS }).then(
    ({ stdout }) => [...stdout.matchAll(/Candidate: \d/g)].length >= packages.length,
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
async function packagesToFetch(packages: readonly string[], state: readonly string[]): Promise<string[]> {
  const plan = ['install', '--print-uris', '--yes', '--no-install-recommends', ...packages];
  const { stdout } = await run('apt-get', [...state, '-qq', ...plan], { timeout: TIMEOUT_MS });
  const names = [...stdout.matchAll(/^'[^']+' ([a-z0-9][a-z0-9+.-]*)_/gm)].flatMap((match) => match[1] ?? []);
  return [...new Set([...packages, ...names])];
}

function isMissingProgram(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function firstLine(error: unknown): string {
  if (isMissingProgram(error)) return 'this is not Debian (no apt)';
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').find((line) => line.startsWith('E: ')) ?? text.split('\n')[0] ?? text;
}
