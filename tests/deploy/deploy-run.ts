import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { testSetting } from '@turnpike/testkit/test-environment.js';
import { root } from '../source-files.js';

export const deployDir = path.join(root, 'deploy');

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Debian keeps some of PostgreSQL's programs, and nginx, where users do not look. */
export function searchPath(): string {
  const versions = readdirSync('/usr/lib', { withFileTypes: true }).some(({ name }) => name === 'postgresql')
    ? readdirSync('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`)
    : [];
  return [testSetting('PATH'), ...versions, '/usr/sbin', '/sbin'].join(':');
}

/** Runs a program to its end. `env` is all it gets besides PATH. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; input?: string; cwd?: string } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      cwd: options.cwd ?? root,
      env: { PATH: searchPath(), ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
    child.stdin?.end(options.input);
  });
}

/** Whether these programs are installed; says on standard error what is skipped without them. */
export async function areInstalled(programs: readonly string[], what: string): Promise<boolean> {
  const found = await Promise.all(programs.map((name) => runProgram('sh', ['-c', `command -v ${name}`])));
  const missing = programs.filter((_, index) => found[index]?.status !== 0);
  if (missing.length > 0) process.stderr.write(`skipped: ${what}: ${missing.join(', ')} not installed\n`);
  return missing.length === 0;
}

/**
 * Debian's redis-tools has the server too: one program that looks at its own name. So no package that would start a server of
 * its own is needed. Spread it into the options of spawn.
 */
export const REDIS_SERVER = { program: 'redis-check-rdb', options: { argv0: 'redis-server' } } as const;
