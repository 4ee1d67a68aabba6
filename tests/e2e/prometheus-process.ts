import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '@turnpike/core/app-error.js';
import { z } from 'zod';
import { anyFreePort } from '@turnpike/stores/ports.js';
import { root } from '../source-files.js';
import { until } from './until.js';

/** A real Prometheus with the configuration of deploy/, on data of its own. */
export interface Prometheus {
  targets(): Promise<{ role: string; health: string; lastError: string }[]>;
  rules(): Promise<{ name: string; health: string; lastError: string }[]>;
  /** Of a query that gives one series; undefined: it gives none. */
  value(query: string): Promise<number | undefined>;
  /** What is wrong with a query; undefined: nothing. */
  complaint(query: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Why there is none here; undefined: there is. */
export const prometheusMissing: string | undefined = missing();

function missing(): string | undefined {
  try {
    execFileSync('prometheus', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

const STARTING_MS = 20_000;
const targetsAnswer = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.record(z.string(), z.string()), health: z.string(), lastError: z.string() }),
    ),
  }),
});
const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(z.object({ name: z.string(), health: z.string(), lastError: z.string().default('') })),
      }),
    ),
  }),
});
const queryAnswer = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

const statusAnswer = z.object({ status: z.string(), error: z.string().default('') });

/** `origin` of the API whose processes it scrapes, every second. */
export async function startPrometheus(origin: string): Promise<Prometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'turnpike-prometheus-'));
  const from = path.join(root, 'deploy', 'prometheus');
  await cp(path.join(from, 'rules'), path.join(folder, 'rules'), { recursive: true });
  const config = await readFile(path.join(from, 'prometheus.yml'), 'utf8');
  const local = config.replace('http://127.0.0.1:8080', origin).replaceAll(/(_interval|_timeout): \d+s/g, '$1: 1s');
  const file = path.join(folder, 'prometheus.yml');
  await writeFile(file, local);
  const port = await anyFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    'prometheus',
    [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const ask = async (what: string): Promise<unknown> => (await fetch(`${url}/api/v1/${what}`)).json();
  try {
    await until('Prometheus being ready', STARTING_MS, async () => {
      if (child.exitCode !== null) throw new Error(`Prometheus ended: ${Buffer.concat(said).toString()}`);
      return (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok === true ? true : undefined;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    targets: async () =>
      targetsAnswer
        .parse(await ask('targets?state=active'))
        .data.activeTargets.map(({ labels, health, lastError }) => ({ role: labels['role'] ?? '', health, lastError })),
    rules: async () => rulesAnswer.parse(await ask('rules')).data.groups.flatMap(({ rules }) => rules),
    value: async (query) => {
      const { result } = queryAnswer.parse(await ask(`query?query=${encodeURIComponent(query)}`)).data;
      return result[0] === undefined ? undefined : Number(result[0].value[1]);
    },
    complaint: async (query) => {
      const { status, error } = statusAnswer.parse(await ask(`query?query=${encodeURIComponent(query)}`));
      return status === 'success' ? undefined : `${query}: ${error}`;
    },
    stop,
  };
}
