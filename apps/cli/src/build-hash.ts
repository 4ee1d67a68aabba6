import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

const PARTS = ['apps', 'packages', 'prisma/schema.prisma', 'package-lock.json', 'ecosystem.config.js'];
const SKIPPED = /(^|\/)(node_modules|src)(\/|$)|\.map$/;

async function filesOf(root: string, part: string): Promise<string[]> {
  const entries = await readdir(path.join(root, part), { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [part];
  const below = entries.map((entry) => path.join(part, entry.name)).filter((file) => !SKIPPED.test(file));
  return (await Promise.all(below.map((file) => filesOf(root, file)))).flat();
}

/** Changes when the processes would run other code or with another environment than `environment` says now. */
export async function buildHash(root: string, environment: unknown): Promise<string> {
  const files = (await Promise.all(PARTS.map((part) => filesOf(root, part)))).flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(path.join(root, file))));
  const hash = createHash('sha256').update(process.version).update(JSON.stringify(environment));
  files.forEach((file, index) => hash.update(file).update(contents[index] ?? ''));
  return hash.digest('hex');
}
