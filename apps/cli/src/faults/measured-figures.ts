import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../json-file.js';

const results = z.object({
  date: z.string(),
  figures: z.array(
    z.object({
      name: z.string(),
      // A figure that could not be measured is written as null.
      value: z.number().nullable(),
      atMost: z.number().optional(),
      atLeast: z.number().optional(),
    }),
  ),
});

/** A figure of the last run of a load, chaos or fuzz scenario that is held against a bound. */
export interface MeasuredFigure {
  readonly file: string;
  readonly name: string;
  readonly ranAt: string;
  readonly holds: boolean;
}

/** Every bounded figure in loadtest/results/. */
export async function readMeasuredFigures(root: string): Promise<MeasuredFigure[]> {
  const directory = path.join(root, 'loadtest', 'results');
  const names = await readdir(directory).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json'));
  const found = await Promise.all(
    files.map(async (name): Promise<MeasuredFigure[]> => {
      const read = await readJson(path.join(directory, name), results);
      const file = `loadtest/results/${name}`;
      return (read?.figures ?? []).flatMap(({ name: figure, value, atMost, atLeast }) => {
        if (atMost === undefined && atLeast === undefined) return [];
        const holds = value !== null && value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity);
        return [{ file, name: figure, ranAt: read?.date ?? '', holds }];
      });
    }),
  );
  return found.flat();
}
