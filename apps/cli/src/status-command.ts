import pc from 'picocolors';
import type { CliContext } from './cli-context.js';
import { type Instance, readInstance } from './instance-file.js';
import { type StatusRow, collectStatus } from './status.js';

function table(rows: readonly StatusRow[]): string {
  const head = ['', 'process', 'pid', 'where', 'since', 'restarts'];
  const lines = rows.map((row) => [
    row.healthy ? pc.green('ok  ') : pc.red('down'),
    row.name,
    String(row.pid ?? '-'),
    row.where ?? '-',
    row.since?.replace('T', ' ').slice(0, 19) ?? '-',
    String(row.restarts ?? '-'),
  ]);
  const all = [head, ...lines];
  const width = (column: number) => (column === 0 ? 4 : Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const text = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 && cell !== '' ? cell : cell.padEnd(width(column))))
      .join('  ')
      .trimEnd();
  return lines
    .map((cells, index) => {
      const problem = rows[index]?.problem;
      return problem === undefined ? text(cells) : `${text(cells)}\n        ${problem.replaceAll('\n', '\n        ')}`;
    })
    .reduce((output, line) => `${output}${line}\n`, `${text(head)}\n`);
}

function urlsOf({ apiUrl, consoleUrl, portalUrl, daraja, sms }: Instance) {
  return { apiUrl, consoleUrl, portalUrl, daraja, ...(sms === undefined ? {} : { sms }) };
}

/** Prints what runs; false when something that should run does not, or is not healthy. */
export async function showStatus(context: CliContext, options: { json: boolean }): Promise<boolean> {
  const rows = await collectStatus(context);
  const healthy = rows.length > 0 && rows.every((row) => row.healthy);
  if (options.json) {
    const instance = await readInstance(context.layout.instance);
    const urls = instance === undefined ? {} : urlsOf(instance);
    context.write(
      `${JSON.stringify({ healthy, dataDir: context.layout.data, ...urls, processes: rows }, undefined, 2)}\n`,
    );
  } else if (rows.length === 0) {
    context.write('nothing was started here; `npm start` does\n');
  } else {
    context.write(table(rows));
  }
  return healthy;
}
