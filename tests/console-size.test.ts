import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';

const BUILT = path.resolve('apps/console/dist-web');
const MOST_BYTES = 250_000;

const chunk = z.object({
  file: z.string(),
  isEntry: z.boolean().default(false),
  isDynamicEntry: z.boolean().default(false),
  imports: z.array(z.string()).default([]),
});
type Chunk = z.output<typeof chunk>;

/** The files that are fetched before `names` can run. */
function withImports(
  manifest: Record<string, Chunk>,
  names: readonly string[],
  found = new Set<string>(),
): Set<string> {
  for (const name of names) {
    const one = manifest[name];
    if (one === undefined || found.has(one.file)) continue;
    found.add(one.file);
    withImports(manifest, one.imports, found);
  }
  return found;
}

test('the console and its first page are at most 250 kB of JavaScript after gzip, and other pages come when they are opened', async () => {
  const manifest = z
    .record(z.string(), chunk)
    .parse(JSON.parse(await readFile(path.join(BUILT, 'manifest.json'), 'utf8')));
  const entries = Object.keys(manifest).filter((name) => manifest[name]?.isEntry === true);
  const firstPages = Object.keys(manifest).filter((name) => name.includes('dashboard-page'));
  const files = [...withImports(manifest, [...entries, ...firstPages])].filter((file) => file.endsWith('.js'));
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(path.join(BUILT, file))).length));
  expect(entries).toHaveLength(1);
  expect(firstPages).toHaveLength(1);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST_BYTES);
  const lazily = Object.values(manifest).filter(({ isDynamicEntry }) => isDynamicEntry);
  expect(lazily.length).toBeGreaterThan(10);
});
