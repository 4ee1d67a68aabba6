import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NotPrepared } from '../refusals.js';
import { readResult, type Result } from './read-result.js';
import { reportPage } from './report-page.js';

const NAME = 'report.html';

/** Makes one page of everything in loadtest/results; gives where it is. It is generated, so it is not kept in git. */
export async function writeReport(root: string): Promise<string> {
  const folder = path.join(root, 'loadtest', 'results');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  const results: Result[] = [];
  for (const name of names) {
    const result = readResult(await readFile(path.join(folder, name), 'utf8'));
    if (result !== undefined) results.push(result);
  }
  if (results.length === 0) throw new NotPrepared(`${folder} has no results: run a scenario first`);
  const file = path.join(folder, NAME);
  await writeFile(file, reportPage(results));
  return file;
}
