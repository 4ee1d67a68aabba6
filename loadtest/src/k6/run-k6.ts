import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { LoadtestConfig } from '../config.js';
import { cpuSecondsOf } from '../process-cpu.js';
import type { Say } from '../radius/target.js';
import { readSeconds, type Second } from './k6-series.js';
import type { K6Metrics } from './slo.js';

export interface K6Run {
  readonly metrics: K6Metrics;
  readonly seconds: readonly Second[];
  readonly durationMs: number;
  /** Processor time of k6 itself. */
  readonly cpuSeconds: number;
}

export interface K6Options {
  readonly config: Pick<LoadtestConfig, 'root' | 'PATH' | 'HOME'>;
  readonly k6: string;
  /** Below loadtest/k6, without the ending. */
  readonly script: string;
  /** What the script reads as `data`. */
  readonly data: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly say: Say;
  readonly signal: AbortSignal;
}

const summaryFile = z.object({
  ms: z.number(),
  metrics: z.record(
    z.string(),
    z
      .object({ values: z.record(z.string(), z.number().nullish()) })
      .transform(({ values }) =>
        Object.fromEntries(Object.entries(values).map(([stat, value]) => [stat, value ?? Number.NaN])),
      ),
  ),
});

/** k6 ends with this when a bound is missed: that is a result. */
const THRESHOLDS_MISSED = 99;
const WATCH_MS = 250;
const MOST_COMPLAINTS = 5;

/** Runs one script of loadtest/k6 to its end; an abort ends it. Rejects when k6 could not run it. */
export async function runK6(options: K6Options): Promise<K6Run> {
  const { script, data, env, say, signal, config } = options;
  const directory = await mkdtemp(path.join(tmpdir(), 'turnpike-k6-'));
  const file = (name: string): string => path.join(directory, name);
  try {
    await writeFile(file('data.json'), JSON.stringify(data), { mode: 0o600 });
    const run = ['run', '--quiet', '--no-usage-report', '--no-color', '--log-format', 'raw'];
    const args = [...run, '--console-output', file('console'), path.join(config.root, 'loadtest/k6', `${script}.js`)];
    const child = spawn(options.k6, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ended by us: a Ctrl-C at the terminal would end it twice.
      detached: true,
      env: {
        PATH: config.PATH,
        HOME: config.HOME,
        // Memory is there, processor time is what the service needs: k6 collects its garbage less often. Go, runtime/debug.
        GOGC: '400',
        ...env,
        DATA: file('data.json'),
        SUMMARY: file('summary.json'),
      },
    });
    const { code, errors, cpuSeconds } = await untilOver(child, signal);
    signal.throwIfAborted();
    if (code !== 0 && code !== THRESHOLDS_MISSED) throw new Error(`k6 ended with ${code}:\n${errors.slice(-2_000)}`);
    const { ms, metrics } = summaryFile.parse(JSON.parse(await readFile(file('summary.json'), 'utf8')));
    const text = await readFile(file('console'), 'utf8').catch(() => '');
    const complaints = text.split('\n').filter((line) => line.startsWith('wrong '));
    for (const line of complaints.slice(0, MOST_COMPLAINTS)) say(`  ${line}`);
    return { metrics, seconds: readSeconds(text), durationMs: ms, cpuSeconds };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function untilOver(
  child: ChildProcess,
  signal: AbortSignal,
): Promise<{ code: number; errors: string; cpuSeconds: number }> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  const over = new AbortController();
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  }).finally(() => over.abort());
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  const watching = watchCpu(child.pid ?? 0, over.signal);
  try {
    return { code: await ended, errors, cpuSeconds: await watching };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The last that could be read before it ended. */
async function watchCpu(pid: number, until: AbortSignal): Promise<number> {
  let last = 0;
  while (!until.aborted) {
    last = Math.max(last, await cpuSecondsOf([pid]));
    await delay(WATCH_MS, undefined, { signal: until }).catch(() => undefined);
  }
  return last;
}
