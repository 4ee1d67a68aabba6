import { spawn } from 'node:child_process';

export interface ProgramOptions {
  /** Account to run under; only root may name another one. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program is killed after this time; 60 s when not given. */
  readonly timeoutMs?: number;
}

export interface ProgramResult {
  /** Whether it ran and ended with status 0. */
  readonly ok: boolean;
  readonly status: number | null;
  /** Standard output alone. */
  readonly stdout: string;
  /** What to show when it failed: standard error, else standard output, else why it could not be run. */
  readonly explanation: string;
}

/** Runs a program to its end with no standard input. Never rejects: a missing program is a result that is not `ok`. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(file, [...args], {
      ...(options.account === undefined ? {} : { uid: options.account.uid, gid: options.account.gid }),
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
      cwd: options.cwd ?? '/',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Not spawn's own timeout: its timer goes on when the program could not be run, and keeps this process alive.
    const tooLong = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 60_000);
    const settle = (result: ProgramResult): void => {
      clearTimeout(tooLong);
      resolve(result);
    };
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (error) => settle({ ok: false, status: null, stdout, explanation: error.message }));
    child.once('close', (status, killedBy) => {
      const ending = status === null ? `killed by ${String(killedBy)}` : `status ${status}`;
      const explanation = stderr.trim() || stdout.trim() || ending;
      settle({ ok: status === 0, status, stdout, explanation });
    });
  });
}
