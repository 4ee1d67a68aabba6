// Compiles every workspace's src/ to dist/ (types are checked by `npm run check`, so this is only a fast transpile).
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const options = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
  sourceMaps: true,
};

async function filesBelow(dir) {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function buildWorkspace(workspace) {
  const src = path.join(root, workspace, 'src');
  const dist = path.join(root, workspace, 'dist');
  const sources = (await filesBelow(src)).filter((file) => /\.ts$/.test(file) && !/\.(test|d)\.ts$/.test(file));
  const wanted = new Set();
  await Promise.all(
    sources.map(async (file) => {
      const out = path.join(dist, path.relative(src, file).replace(/\.ts$/, '.js'));
      wanted.add(out).add(`${out}.map`);
      const [from, to] = await Promise.all([stat(file), stat(out).catch(() => undefined)]);
      if (to !== undefined && to.mtimeMs >= from.mtimeMs) return;
      const { code, map } = await transformFile(file, options);
      await mkdir(path.dirname(out), { recursive: true });
      await writeFile(`${out}.map`, map);
      // In one step, because processes may be loading the old file just now.
      await writeFile(`${out}.new`, `${code}\n//# sourceMappingURL=${path.basename(out)}.map\n`);
      await rename(`${out}.new`, out);
    }),
  );
  const stale = (await filesBelow(dist)).filter((file) => !wanted.has(file));
  await Promise.all(stale.map((file) => rm(file)));
  return sources.length;
}

export async function build() {
  const workspaces = ['loadtest'];
  for (const group of ['packages', 'apps']) {
    for (const name of await readdir(path.join(root, group))) {
      // Vite makes that one: scripts/build-console.mjs.
      if (name !== 'console') workspaces.push(path.join(group, name));
    }
  }
  const counts = await Promise.all(workspaces.map(buildWorkspace));
  return counts.reduce((sum, count) => sum + count, 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = Date.now();
  process.stdout.write(`built ${await build()} files in ${Date.now() - started} ms\n`);
}
