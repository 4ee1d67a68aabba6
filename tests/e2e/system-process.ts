import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type SystemRole = 'api' | 'worker' | 'radius';

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One process of the system, as a supervisor runs it. */
export interface SystemProcess {
  readonly role: SystemRole;
  readonly pid: number;
  /** Resolves when it says that it is ready; rejects when it ends before, with what it wrote. */
  readonly ready: Promise<void>;
  readonly ended: Promise<ProcessEnd>;
  /** Everything it wrote so far, stdout and stderr. */
  output(): string;
  /** The first log entry with this message; undefined while there is none. */
  logged(message: string): Record<string, unknown> | undefined;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<ProcessEnd & { readonly tookMs: number }>;
}

/** Starts what `npm start` starts: the built program, with this environment and nothing else. */
export function startProcess(role: SystemRole, env: Readonly<Record<string, string>>): SystemProcess {
  const script = fileURLToPath(new URL(`../../apps/${role}/dist/main.js`, import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const chunks: Buffer[] = [];
  const output = (): string => Buffer.concat(chunks).toString();
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message) => (message === 'ready' ? resolve() : undefined));
    ended.then(({ code }) => reject(new Error(`${role} ended with ${code}:\n${output()}`)), reject);
  });
  // Whoever does not wait for it to be ready expects it to end.
  ready.catch(() => undefined);
  return {
    role,
    pid: child.pid ?? -1,
    ready,
    ended,
    output,
    logged: (message) => entriesOf(output()).find((entry) => entry['msg'] === message),
    end: async (signal) => {
      const startedMs = performance.now();
      child.kill(signal);
      return { ...(await ended), tookMs: performance.now() - startedMs };
    },
  };
}

function entriesOf(output: string): Record<string, unknown>[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line): Record<string, unknown> => JSON.parse(line));
}
