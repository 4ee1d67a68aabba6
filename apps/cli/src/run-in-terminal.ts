import { spawn } from 'node:child_process';

export interface TerminalProgram {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a Node program that owns the terminal meanwhile; gives its exit status. Signals to us are passed on to it. */
export function runInTerminal({ args, cwd, env }: TerminalProgram): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd, env: { ...env }, stdio: 'inherit' });
    const passOn = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, passOn);
    const release = () => {
      for (const signal of SIGNALS) process.off(signal, passOn);
    };
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('exit', (status, signal) => {
      release();
      resolve(status ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}
