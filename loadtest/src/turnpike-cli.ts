import { spawn } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import type { LoadtestConfig } from './config.js';

const status = z.object({
  healthy: z.boolean(),
  processes: z.array(
    z.object({
      name: z.string(),
      healthy: z.boolean(),
      pid: z.number().optional(),
      restarts: z.number().optional(),
      problem: z.string().optional(),
    }),
  ),
});
export type Status = z.infer<typeof status>;

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  /** Both streams, for an error message. */
  readonly output: string;
}

/** Runs one command of `turnpike` for a data directory; it is not ended by a Ctrl-C meant for us. */
export function runCli(
  config: Pick<LoadtestConfig, 'root' | 'PATH' | 'HOME'>,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(config.root, 'apps/cli/dist/main.js'), ...args], {
      cwd: config.root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: config.PATH, HOME: config.HOME, NO_COLOR: '1', ...env },
      detached: true,
    });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, output }));
  });
}

/** What `npm run status -- --json` says about a data directory, healthy or not. */
export async function readStatus(
  config: Pick<LoadtestConfig, 'root' | 'PATH' | 'HOME'>,
  env: Readonly<Record<string, string>>,
): Promise<Status> {
  const { stdout, output } = await runCli(config, ['status', '--json'], env);
  try {
    return status.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new Error(`npm run status said nothing useful:\n${output}`, { cause });
  }
}

/** Process ids of a PM2 name (`radius-auth`) or a store (`postgres`, `redis durable`). */
export function pidsOf({ processes }: Status, name: string): number[] {
  return processes.flatMap((process) =>
    process.pid !== undefined && (process.name === name || process.name.replace(/ \d+$/, '') === name)
      ? [process.pid]
      : [],
  );
}
