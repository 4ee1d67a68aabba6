import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

const stampOf = (root) => path.join(root, 'node_modules/.cache/turnpike/build');

async function directories(root) {
  const groups = ['packages', 'apps'].map(async (group) => {
    const names = await readdir(path.join(root, group));
    return names.map((name) => path.join(root, group, name));
  });
  return [...(await Promise.all(groups)).flat(), path.join(root, 'loadtest')];
}

async function linesFor(dir) {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
}

/** Names, sizes and times of all sources and of all that was built from them. */
async function fingerprint(root) {
  const wanted = (await directories(root)).flatMap((dir) => [path.join(dir, 'src'), path.join(dir, 'dist')]);
  const lines = await Promise.all([...wanted.map(linesFor), linesFor(path.join(root, 'scripts'))]);
  return createHash('sha256').update(lines.flat().sort().join('\n')).digest('hex');
}

export async function buildIsFresh(root) {
  const known = await readFile(stampOf(root), 'utf8').catch(() => undefined);
  return known !== undefined && known === (await fingerprint(root));
}

export async function rememberBuild(root) {
  await mkdir(path.dirname(stampOf(root)), { recursive: true });
  await writeFile(stampOf(root), await fingerprint(root));
}
