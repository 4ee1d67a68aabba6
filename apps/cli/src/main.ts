import { AppError, messageOf } from '@turnpike/core/app-error.js';
import { buildProgram } from './program.js';

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? error.message : messageOf(error)}\n`);
  process.exitCode = 1;
}
