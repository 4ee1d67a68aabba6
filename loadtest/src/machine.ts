import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** What a figure was measured on; without it a figure says nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
}

export function describeMachine(): Machine {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
    os: `${os.type()} ${os.release()}`,
    node: process.version,
  };
}

/** Short commit id, with `-dirty` when the tree differs from it. */
export function describeCommit(root: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const dirty =
      git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!loadtest/results') === '' ? '' : '-dirty';
    return git('rev-parse', '--short=10', 'HEAD') + dirty;
  } catch {
    return 'unknown';
  }
}
