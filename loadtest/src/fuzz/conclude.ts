import { formatFigure, holds, report, type Figure } from '../results.js';

export interface Conclusion {
  readonly root: string;
  /** Name of the file of results. */
  readonly name: string;
  readonly command: string;
  readonly figures: readonly Figure[];
  readonly facts: Readonly<Record<string, string | number>>;
  /** A run of fewer packets is shown but does not replace the figures of a whole one. */
  readonly isWhole: boolean;
}

/** Shows the figures; gives the exit status: 0 when all bounds hold, else 1. */
export async function conclude({ root, name, command, figures, facts, isWhole }: Conclusion): Promise<number> {
  if (isWhole) return (await report(root, name, command, figures, { facts })) ? 0 : 1;
  const passed = figures.every(holds);
  const verdict = `${passed ? 'PASSED' : 'FAILED'} (fewer packets than a whole run, so nothing is written down)`;
  process.stdout.write(`${['', ...figures.map(formatFigure), verdict].join('\n')}\n`);
  return passed ? 0 : 1;
}
