import path from 'node:path';
import { findFaultClaims } from '../apps/cli/src/faults/fault-claims.js';
import { FAULTS } from '../apps/cli/src/faults/fault-table.js';

const ROOT = path.resolve(import.meta.dirname, '..');
const numbered = (letter: string, last: number): string[] =>
  Array.from({ length: last }, (_, i) => `${letter}${i + 1}`);

test('the table of faults has every row once', () => {
  const ids = FAULTS.map(({ id }) => id);
  expect(ids).toEqual([
    ...numbered('R', 19),
    ...numbered('A', 14),
    ...numbered('D', 15),
    ...numbered('M', 10),
    'S4',
    'S6',
    'S9',
  ]);
});

test('every fault of the table has a test or a scenario that carries its id', async () => {
  const claimed = new Set((await findFaultClaims(ROOT)).flatMap(({ ids }) => ids));
  expect(FAULTS.map(({ id }) => id).filter((id) => !claimed.has(id))).toEqual([]);
});
