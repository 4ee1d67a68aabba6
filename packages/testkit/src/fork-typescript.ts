import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts a TypeScript file of this repository as a process of its own, with an IPC channel; the caller ends it. */
export function forkTypeScript(file: URL, args: readonly string[]): ChildProcess {
  const loader = new URL('../../testkit/src/typescript-loader.mjs', file);
  return fork(fileURLToPath(file), [...args], {
    execArgv: ['--import', loader.href],
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
