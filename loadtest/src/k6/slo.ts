import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Figure } from '../results.js';

const bound = z.strictObject({
  figure: z.string(),
  unit: z.string(),
  /** Of k6, which holds it as a threshold too. Absent: the scenario's program measures it. */
  metric: z.string().optional(),
  stat: z.string().optional(),
  atMost: z.number().optional(),
  atLeast: z.number().optional(),
  /** k6 stops when it is missed. */
  ends: z.literal(true).optional(),
});
export type Bound = z.infer<typeof bound>;

const sloFile = z.record(z.string(), z.array(bound));

/** Metrics as k6 summarises them: metric, statistic. */
export type K6Metrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** loadtest/k6/slo.json: every bound of every scenario that k6 drives; there is no other place for them. */
export async function readSlo(root: string, scenario: string): Promise<Bound[]> {
  const file = path.join(root, 'loadtest', 'k6', 'slo.json');
  const bounds = sloFile.parse(JSON.parse(await readFile(file, 'utf8')))[scenario];
  if (bounds === undefined) throw new Error(`${file} has no bounds for ${scenario}`);
  return bounds;
}

/** The bound of one figure; throws where there is none. */
export function atMostOf(bounds: readonly Bound[], figure: string): number {
  const found = bounds.find((one) => one.figure === figure)?.atMost;
  if (found === undefined) throw new Error(`slo.json has no upper bound for "${figure}"`);
  return found;
}

/**
 * A figure for each bound: what k6 measured, or what `measured` says under the figure's name. What nobody measured is NaN, which
 * no bound takes for held.
 */
export function figuresOf(
  bounds: readonly Bound[],
  metrics: K6Metrics,
  measured: Readonly<Record<string, number>> = {},
): Figure[] {
  return bounds.map(({ figure: name, unit, metric, stat, atMost, atLeast }) => ({
    name,
    value: metric === undefined ? (measured[name] ?? Number.NaN) : statOf(metrics, metric, stat ?? ''),
    unit,
    ...(atMost === undefined ? {} : { atMost }),
    ...(atLeast === undefined ? {} : { atLeast }),
  }));
}

/** k6 leaves a counter out while it is zero. */
export function statOf(metrics: K6Metrics, metric: string, stat: string): number {
  return metrics[metric]?.[stat] ?? (stat === 'count' ? 0 : Number.NaN);
}
