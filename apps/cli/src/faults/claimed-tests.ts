import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { faultIdsOf } from './fault-ids.js';

/** A test, or a load or chaos scenario, whose name begins with ids of faults. */
export interface ClaimedTest {
  /** Relative to the clone, with slashes. */
  readonly file: string;
  readonly name: string;
  readonly ids: readonly string[];
}

/** Its tests carry the letters of a list of their own: the faults of the library below it. */
const OTHER_LETTERS = ['packages/routeros/'];
const PLACES = ['packages', 'apps', 'tests', 'loadtest'];
const SKIPPED = /(^|\/)(node_modules|dist|generated)\//;
const IS_TEST = /\.test\.ts$/;
/** A scenario's figures carry the ids, and their names stand in its source. */
const IS_SCENARIO = /^loadtest\/src\/.*\.ts$/;
const STRING = /(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g;

/** Every test and scenario of this clone that is about a fault, by its source alone. */
export async function findClaimedTests(root: string): Promise<ClaimedTest[]> {
  const lists = await Promise.all(PLACES.map((place) => sourcesBelow(root, place)));
  const found = await Promise.all(lists.flat().map((file) => claimedIn(root, file)));
  return found.flat();
}

async function sourcesBelow(root: string, place: string): Promise<string[]> {
  const entries = await readdir(path.join(root, place), { recursive: true }).catch(() => []);
  return entries
    .map((entry) => `${place}/${entry.split(path.sep).join('/')}`)
    .filter((file) => IS_TEST.test(file) || IS_SCENARIO.test(file))
    .filter((file) => !SKIPPED.test(file) && !OTHER_LETTERS.some((folder) => file.startsWith(folder)));
}

async function claimedIn(root: string, file: string): Promise<ClaimedTest[]> {
  const text = await readFile(path.join(root, file), 'utf8');
  const names = [...text.matchAll(STRING)].map((match) => (match[2] ?? '').replace(/\\(.)/g, '$1'));
  return [...new Set(names)].flatMap((name) => {
    const ids = faultIdsOf(name);
    return ids.length === 0 ? [] : [{ file, name, ids }];
  });
}
