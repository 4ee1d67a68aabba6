import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeCommit, describeMachine } from './machine.js';

/** One thing that was measured, with the bound it is held against. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `<=` or `>=` this; absent: for information. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

export function holds(figure: Figure): boolean {
  return (
    (figure.atMost === undefined || figure.value <= figure.atMost) &&
    (figure.atLeast === undefined || figure.value >= figure.atLeast)
  );
}

export function formatFigure(figure: Figure): string {
  const value = Number.isInteger(figure.value) ? String(figure.value) : figure.value.toFixed(digitsOf(figure.value));
  const bound =
    figure.atMost !== undefined ? `<= ${figure.atMost}` : figure.atLeast !== undefined ? `>= ${figure.atLeast}` : '';
  const verdict = bound === '' ? '' : holds(figure) ? 'ok' : 'MISSED';
  return `  ${figure.name.padEnd(52)} ${`${value} ${figure.unit}`.padStart(16)}  ${bound.padEnd(10)} ${verdict}`.trimEnd();
}

function digitsOf(value: number): number {
  return value < 10 ? 2 : value < 1000 ? 1 : 0;
}

/**
 * Prints the figures with a verdict and keeps them in loadtest/results/<scenario>.json, with the command that repeats them.
 * `facts`: what else is needed to judge or repeat the run, such as a seed. Gives whether all bounds hold.
 */
export async function report(
  root: string,
  scenario: string,
  command: string,
  figures: readonly Figure[],
  facts: Readonly<Record<string, string | number>> = {},
): Promise<boolean> {
  const machine = describeMachine();
  const missed = figures.filter((figure) => !holds(figure)).length;
  const bounds = figures.filter(({ atMost, atLeast }) => atMost !== undefined || atLeast !== undefined).length;
  const verdict = missed === 0 ? `PASSED: all ${bounds} bounds hold` : `FAILED: ${missed} of ${bounds} bounds missed`;
  const directory = path.join(root, 'loadtest', 'results');
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, `${scenario}.json`);
  const record = {
    scenario,
    command,
    date: new Date().toISOString(),
    commit: describeCommit(root),
    machine,
    ...facts,
    figures,
  };
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
  const lines = [
    '',
    `${scenario} on ${machine.cores} x ${machine.cpu}, Node ${machine.node}`,
    ...figures.map(formatFigure),
    verdict,
    `written to ${path.relative(process.cwd(), file)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return missed === 0;
}
