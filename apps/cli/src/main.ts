import { AppError, messageOf } from '@turnpike/core/app-error.js';
import { readConfig } from './config.js';
import { runProgram } from './program.js';
import { processHost } from './verbs/process-host.js';

try {
  await runProgram(processHost(readConfig()), process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? error.message : messageOf(error)}\n`);
  process.exitCode = 1;
}
