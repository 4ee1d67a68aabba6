import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { capacityPage } from './capacity-text.js';
import { type CostsResult, parseResult } from './unit-costs.js';

export const CAPACITY_PAGE = path.join('deploy', 'capacity.md');

/** Writes the page anew from the results that are there; gives its name. */
export async function writeCapacityPage(root: string): Promise<string> {
  await writeFile(path.join(root, CAPACITY_PAGE), await makeCapacityPage(root));
  return CAPACITY_PAGE;
}

export async function makeCapacityPage(root: string): Promise<string> {
  const directory = path.join(root, 'loadtest', 'results');
  const there = new Set(await readdir(directory).catch(() => []));
  const read = async (name: string): Promise<CostsResult | undefined> =>
    there.has(name) ? parseResult(await readFile(path.join(directory, name), 'utf8')) : undefined;
  return capacityPage(await read('costs.json'), await read('capacity.json'));
}
