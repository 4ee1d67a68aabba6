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
  const value = Number.isInteger(figure.value) ? String(figure.value) : figure.value.toFixed(figure.value < 10 ? 2 : 1);
  const bound =
    figure.atMost !== undefined ? `<= ${figure.atMost}` : figure.atLeast !== undefined ? `>= ${figure.atLeast}` : '';
  const verdict = bound === '' ? '' : holds(figure) ? 'ok' : 'MISSED';
  return `  ${figure.name.padEnd(52)} ${`${value} ${figure.unit}`.padStart(16)}  ${bound.padEnd(10)} ${verdict}`.trimEnd();
}

/** Prints the figures and keeps them in loadtest/results/<scenario>.json. Gives whether all bounds hold. */
export async function report(
  root: string,
  scenario: string,
  command: string,
  figures: readonly Figure[],
): Promise<boolean> {
  const machine = describeMachine();
  process.stdout.write(`\n${scenario} on ${machine.cores} x ${machine.cpu}, Node ${machine.node}\n`);
  process.stdout.write(`${figures.map(formatFigure).join('\n')}\n`);
  const directory = path.join(root, 'loadtest', 'results');
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, `${scenario}.json`);
  const record = { scenario, command, date: new Date().toISOString(), commit: describeCommit(root), machine, figures };
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
  process.stdout.write(`written to ${path.relative(process.cwd(), file)}\n`);
  return figures.every(holds);
}
