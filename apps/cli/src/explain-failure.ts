import { AppError } from '@turnpike/core/app-error.js';
import pc from 'picocolors';
import type { CliContext } from './cli-context.js';
import { logTail } from './log-tail.js';
import { NotReadyError } from './readiness.js';

const LOG_LINES = 15;

/** Says why a command failed: the reason, and the last words of a process that did not get ready. */
export async function explainFailure(
  error: unknown,
  { layout }: CliContext,
  write: (text: string) => void,
): Promise<void> {
  if (error instanceof AppError) write(`\n${pc.red(error.message)}\n`);
  else write(`\n${pc.red(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
  if (!(error instanceof NotReadyError)) return;
  for (const name of error.processes) {
    const lines = await logTail(layout.logs, name, LOG_LINES);
    write(`\nlast lines of ${layout.logs}/${name}.log\n${lines.map((line) => `  ${line}\n`).join('')}`);
  }
  write('\n`npm run status` shows what runs, `npm stop` stops it, `npm start` tries again\n');
}
