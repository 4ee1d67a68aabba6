import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Program } from '../programs.js';

/** A server that we started and that ends with us. */
export interface OwnedProcess {
  readonly pid: number;
  /** What it printed last, for an error message; undefined while it runs. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

const STOP_MS = 5_000;
const KEPT_LINES = 20;

/** Not ended by a Ctrl-C meant for us: we stop it ourselves. */
export function startOwned(program: Program, args: readonly string[], cwd: string): OwnedProcess {
  const child = spawn(program.file, args, { cwd, env: program.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const lines: string[] = [];
  let failure: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    });
  }
  child.once('error', (error) => (failure = error.message));
  child.once(
    'exit',
    (code, signal) => (failure = [`${program.file} ended with ${code ?? signal}`, ...lines].join('\n')),
  );
  return {
    pid: child.pid ?? 0,
    ended: () => failure,
    stop: async () => {
      if (failure !== undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
