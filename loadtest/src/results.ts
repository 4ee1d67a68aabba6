import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeCommit, describeMachine } from './machine.js';
import type { Outcome, Table } from './outcome.js';

/** One thing that was measured, with the bound it is held against. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `<=` or `>=` this; absent: for information. */
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Of a scenario that was run several times: what `value` is the median of. */
  readonly values?: readonly number[];
}

export function holds(figure: Figure): boolean {
  return (
    (figure.atMost === undefined || figure.value <= figure.atMost) &&
    (figure.atLeast === undefined || figure.value >= figure.atLeast)
  );
}

export function formatFigure(figure: Figure): string {
  const value = shortNumber(figure.value);
  const bound =
    figure.atMost !== undefined
      ? `<= ${shortNumber(figure.atMost)}`
      : figure.atLeast !== undefined
        ? `>= ${shortNumber(figure.atLeast)}`
        : '';
  const verdict = bound === '' ? '' : holds(figure) ? 'ok' : 'MISSED';
  const all = figure.values === undefined ? '' : `  (${figure.values.map(shortNumber).join(', ')})`;
  const measured = `${value} ${figure.unit}`.padStart(16);
  return `  ${figure.name.padEnd(60)} ${measured}  ${bound.padEnd(10)} ${verdict.padEnd(6)}${all}`.trimEnd();
}

export function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : value < 1000 ? 1 : 0);
}

export interface ReportOptions extends Omit<Outcome, 'figures'> {
  /** What else is needed to judge or repeat the run, such as a seed. */
  readonly facts?: Readonly<Record<string, string | number>>;
  /** False: a run of less than the full scale, which is shown but not kept. Default true. */
  readonly isWhole?: boolean;
}

/**
 * Prints the figures with a verdict and keeps them in loadtest/results/<scenario>.json, with the command that repeats them.
 * Gives whether all bounds hold.
 */
export async function report(
  root: string,
  scenario: string,
  command: string,
  figures: readonly Figure[],
  { facts = {}, isWhole = true, series, table }: ReportOptions = {},
): Promise<boolean> {
  const machine = describeMachine();
  const missed = figures.filter((figure) => !holds(figure)).length;
  const bounds = figures.filter(({ atMost, atLeast }) => atMost !== undefined || atLeast !== undefined).length;
  const verdict = missed === 0 ? `PASSED: all ${bounds} bounds hold` : `FAILED: ${missed} of ${bounds} bounds missed`;
  const file = path.join(root, 'loadtest', 'results', `${scenario}.json`);
  const kept = isWhole
    ? `written to ${path.relative(process.cwd(), file)}`
    : 'not written down: less than the full scale';
  const lines = [
    '',
    `${scenario} on ${machine.cores} x ${machine.cpu}, Node ${machine.node}`,
    ...figures.map(formatFigure),
    ...(table === undefined ? [] : formatTable(table)),
    verdict,
    kept,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (isWhole) {
    const date = new Date().toISOString();
    await keep(file, {
      scenario,
      command,
      date,
      commit: describeCommit(root),
      machine,
      ...facts,
      figures,
      table,
      series,
    });
  }
  return missed === 0;
}

function formatTable({ title, columns, rows }: Table): string[] {
  const texts = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_name, at) => Math.max(...texts.map((row) => (row[at] ?? '').length)));
  return [
    '',
    title,
    ...texts.map((row) => `  ${row.map((text, at) => text.padStart(widths[at] ?? 0)).join('  ')}`),
    '',
  ];
}

async function keep(file: string, record: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
}
