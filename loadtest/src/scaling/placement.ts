import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Program } from '../programs.js';

export interface Placement {
  /** Lists of cores as taskset(1) takes them. */
  readonly generator: string;
  readonly processes: string;
  /** The generator's core is also one of the processes'. */
  readonly shared: boolean;
}

/** The generator on the last core; the measured processes on all others, or on all where those are fewer than they are. */
export function placement(cores: number, processes: number): Placement {
  const last = cores - 1;
  const shared = processes > last;
  return { generator: String(last), processes: range(shared ? last : last - 1), shared };
}

function range(to: number): string {
  return to <= 0 ? '0' : `0-${to}`;
}

const run = promisify(execFile);

/** All threads of running processes on these cores from now on. */
export async function pin(taskset: Program, pids: readonly number[], cores: string): Promise<void> {
  for (const pid of pids) await run(taskset.file, ['-apc', cores, String(pid)], { env: taskset.env, timeout: 10_000 });
}
