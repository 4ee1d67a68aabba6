import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const resultFile = z.object({ figures: z.array(z.object({ name: z.string(), value: z.number().nullable() })) });

export const CAPACITY_FIGURE = 'capacity';

/** Requests a second that `capacity` has found, as loadtest/results/capacity.json says; undefined: it has not run yet. */
export async function readCapacity(root: string): Promise<number | undefined> {
  const file = path.join(root, 'loadtest', 'results', 'capacity.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return resultFile.parse(JSON.parse(text)).figures.find(({ name }) => name === CAPACITY_FIGURE)?.value ?? undefined;
}
