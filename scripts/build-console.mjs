// Makes the files of the operator's console from apps/console and the contracts (types are checked by `npm run check`).
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = ['apps/console', 'packages/contracts/src', 'packages/core/src', 'package-lock.json'];
const NOT_SOURCES = /(^|\/)(dist|dist-web|node_modules)(\/|$)|\.test\.tsx?$/;
const STAMP = 'apps/console/dist-web/.built-from';

async function filesOf(part) {
  const entries = await readdir(path.join(root, part), { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [part];
  const below = entries.map((entry) => path.join(part, entry.name)).filter((file) => !NOT_SOURCES.test(file));
  return (await Promise.all(below.map(filesOf))).flat();
}

async function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of (await Promise.all(SOURCES.map(filesOf))).flat().sort()) {
    hash.update(file).update(await readFile(path.join(root, file)));
  }
  return hash.digest('hex');
}

export async function consoleIsFresh() {
  const built = await readFile(path.join(root, STAMP), 'utf8').catch(() => undefined);
  return built !== undefined && built === (await sourcesHash());
}

export async function buildConsole() {
  const hash = await sourcesHash();
  const { build } = await import('vite');
  // Tests build it too, and theirs would get the libraries' development halves: a quarter more to load, and slower.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ configFile: path.join(root, 'apps/console/vite.config.ts'), logLevel: 'warn' });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
  await writeFile(path.join(root, STAMP), hash);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = Date.now();
  const isFresh = await consoleIsFresh();
  if (!isFresh) await buildConsole();
  process.stdout.write(isFresh ? 'the console is up to date\n' : `built the console in ${Date.now() - started} ms\n`);
}
