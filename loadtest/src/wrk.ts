import { spawn } from 'node:child_process';
import type { Program } from './programs.js';

/** What wrk measured: https://github.com/wg/wrk, 4.x with --latency. */
export interface WrkRun {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 2xx and 3xx. */
  readonly non2xx: number;
  /** Connections that could not be made, reads and writes that failed, and requests without an answer for 2 s. */
  readonly socketErrors: number;
}

export interface WrkOptions {
  readonly wrk: Program;
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Put in front, for example `taskset -c 1`. */
  readonly prefix?: readonly string[];
  readonly signal: AbortSignal;
}

/** One thread with keep-alive connections that ask again as soon as they are answered. Rejects when wrk fails. */
export function runWrk(options: WrkOptions): Promise<WrkRun> {
  const { wrk, url, connections, seconds, headers = {}, prefix = [], signal } = options;
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const own = [wrk.file, '-t1', `-c${connections}`, `-d${Math.ceil(seconds)}s`, '--latency', ...given, url];
  const [command = wrk.file, ...args] = [...prefix, ...own];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: wrk.env, signal });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      const run = code === 0 ? parseWrk(text) : undefined;
      if (run === undefined) reject(new Error(`wrk ended with ${code}:\n${text}`));
      else resolve(run);
    });
  });
}

/** Undefined: this is not what wrk says at its end. */
export function parseWrk(text: string): WrkRun | undefined {
  const total = /^ *(\d+) requests in ([\d.]+)(us|ms|s|m|h),/m.exec(text);
  const rate = /^Requests\/sec: +([\d.]+)/m.exec(text)?.[1];
  const [p50Ms, p99Ms] = [percentileMs(text, 50), percentileMs(text, 99)];
  if (total === null || rate === undefined || p50Ms === undefined || p99Ms === undefined) return undefined;
  const errors = /^ *Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/m.exec(text);
  return {
    requests: Number(total[1]),
    seconds: milliseconds(total[2], total[3]) / 1_000,
    perSecond: Number(rate),
    p50Ms,
    p99Ms,
    non2xx: Number(/^ *Non-2xx or 3xx responses: (\d+)/m.exec(text)?.[1] ?? 0),
    socketErrors: (errors ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0),
  };
}

function percentileMs(text: string, percent: number): number | undefined {
  const found = new RegExp(`^ *${percent}% +([\\d.]+)(us|ms|s|m|h) *$`, 'm').exec(text);
  return found === null ? undefined : milliseconds(found[1], found[2]);
}

const MS_OF: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function milliseconds(value = '', unit = ''): number {
  return Number(value) * (MS_OF[unit] ?? Number.NaN);
}
