import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { faultIdsOf } from './fault-ids.js';

/** A test, or a scenario of chaos or fuzz, that is about faults. */
export interface FaultClaim {
  readonly kind: 'test' | 'scenario';
  /** Relative to the clone, with slashes. */
  readonly file: string;
  readonly name: string;
  readonly ids: readonly string[];
}

/** Tests that carry the letters of a list of their own (faults of the library below them), or ids as examples. */
const OTHER_LETTERS = ['packages/routeros/', 'apps/cli/src/faults/'];
const PLACES = ['packages', 'apps', 'tests', 'loadtest'];
const SKIPPED = /(^|\/)(node_modules|dist|generated)\//;
const IS_TEST = /\.test\.ts$/;
const HAS_SCENARIOS = /^loadtest\/src\/.*\.ts$/;
const STRING = /(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g;
/** A scenario says in its source which rows it proves. */
const SCENARIO = /name: '([a-z-]+)',\s*rows: \[([^\]]*)\]/g;

/** Every test whose name begins with ids of faults, and every scenario that names such rows, by the sources alone. */
export async function findFaultClaims(root: string): Promise<FaultClaim[]> {
  const lists = await Promise.all(PLACES.map((place) => sourcesBelow(root, place)));
  const found = await Promise.all(lists.flat().map((file) => claimsIn(root, file)));
  return found.flat().filter(({ ids }) => ids.length > 0);
}

async function sourcesBelow(root: string, place: string): Promise<string[]> {
  const entries = await readdir(path.join(root, place), { recursive: true }).catch(() => []);
  return entries
    .map((entry) => `${place}/${entry.split(path.sep).join('/')}`)
    .filter((file) => IS_TEST.test(file) || HAS_SCENARIOS.test(file))
    .filter((file) => !SKIPPED.test(file) && !OTHER_LETTERS.some((folder) => file.startsWith(folder)));
}

async function claimsIn(root: string, file: string): Promise<FaultClaim[]> {
  const text = await readFile(path.join(root, file), 'utf8');
  if (!IS_TEST.test(file)) {
    return [...text.matchAll(SCENARIO)].map(([, name = '', rows = '']) => {
      return { kind: 'scenario', file, name, ids: rows.match(/[A-Z]\d{1,2}/g) ?? [] };
    });
  }
  const names = new Set([...text.matchAll(STRING)].map((match) => (match[2] ?? '').replace(/\\(.)/g, '$1')));
  return [...names].map((name) => ({ kind: 'test', file, name, ids: faultIdsOf(name) }));
}
