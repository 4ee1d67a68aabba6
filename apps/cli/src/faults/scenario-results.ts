import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../json-file.js';

const results = z.object({
  date: z.string(),
  figures: z.array(
    z.object({
      // A figure that could not be measured is written as null.
      value: z.number().nullable(),
      atMost: z.number().optional(),
      atLeast: z.number().optional(),
    }),
  ),
});

/** The last run of a load, chaos or fuzz scenario, from loadtest/results/. */
export interface ScenarioResult {
  /** Name of the file without `.json`: the scenario, for chaos `chaos-<scenario>` or `chaos-<scenario>-<target>`. */
  readonly name: string;
  readonly ranAt: string;
  /** All its bounds hold. */
  readonly passed: boolean;
}

export async function readScenarioResults(root: string): Promise<ScenarioResult[]> {
  const directory = path.join(root, 'loadtest', 'results');
  const names = await readdir(directory).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json'));
  const found = await Promise.all(
    files.map(async (name): Promise<ScenarioResult[]> => {
      const read = await readJson(path.join(directory, name), results);
      if (read === undefined) return [];
      const passed = read.figures.every(
        ({ value, atMost = Infinity, atLeast = -Infinity }) =>
          (atMost === Infinity && atLeast === -Infinity) || (value !== null && value <= atMost && value >= atLeast),
      );
      return [{ name: name.slice(0, -'.json'.length), ranAt: read.date, passed }];
    }),
  );
  return found.flat();
}
