import { spawn, spawnSync } from 'node:child_process';
import { access, mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { LoadtestConfig } from './config.js';
import type { Instance } from './instance.js';
import type { Figure } from './results.js';

/** Built from source where Go is present; the version that the scenarios were written for. */
const DEFAULT_RATE = 300;
const K6_MODULE = 'go.k6.io/k6@v1.8.1';

/** The k6 binary: on PATH, built before, or built now with Go. undefined when none of these is possible. */
export async function findK6(config: LoadtestConfig, say: (line: string) => void): Promise<string | undefined> {
  const env = { PATH: config.PATH, HOME: config.HOME };
  if (spawnSync('k6', ['version'], { env }).status === 0) return 'k6';
  const bin = path.join(config.dataDir, 'tools', 'k6');
  const built = path.join(bin, 'k6');
  if (await exists(built)) return built;
  if (spawnSync('go', ['version'], { env }).status !== 0) return undefined;
  say(`k6 is not on PATH: building ${K6_MODULE} with Go, once (a few minutes)`);
  await mkdir(bin, { recursive: true });
  const status = await run('go', ['install', K6_MODULE], { ...env, GOBIN: bin });
  return status === 0 && (await exists(built)) ? built : undefined;
}

const summary = z.object({ metrics: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** Runs the mixed scenario against the running system; its thresholds decide, its summary is what we keep. */
export async function runMixed(k6: string, config: LoadtestConfig, instance: Instance): Promise<Figure[]> {
  const summaryFile = path.join(tmpdir(), `turnpike-k6-${process.pid}.json`);
  const script = path.join(config.root, 'loadtest', 'k6', 'mixed.js');
  await run(k6, ['run', '--quiet', '--no-usage-report', '--summary-export', summaryFile, script], {
    PATH: config.PATH,
    HOME: config.HOME,
    API_URL: instance.apiUrl,
    API_TOKEN: instance.apiToken,
    RATE: String(config.RATE ?? DEFAULT_RATE),
    DURATION: config.DURATION,
    RUN: Date.now().toString(36),
  });
  const { metrics } = summary.parse(JSON.parse(await readFile(summaryFile, 'utf8')));
  const number = (metric: string, field: string): number => Number(metrics[metric]?.[field] ?? Number.NaN);
  return [
    { name: 'requests', value: number('http_reqs', 'count'), unit: '' },
    { name: 'requests per second', value: number('http_reqs', 'rate'), unit: '/s' },
    { name: 'failed requests', value: number('http_req_failed', 'passes'), unit: '', atMost: 0 },
    { name: 'cached read, median', value: number('cached_read_ms', 'med'), unit: 'ms' },
    { name: 'cached read, p95', value: number('cached_read_ms', 'p(95)'), unit: 'ms', atMost: 100 },
    { name: 'cached read, p99', value: number('cached_read_ms', 'p(99)'), unit: 'ms' },
    { name: 'write, p95', value: number('write_ms', 'p(95)'), unit: 'ms' },
    {
      name: 'iterations that could not be started',
      value: number0(metrics, 'dropped_iterations'),
      unit: '',
      atMost: 0,
    },
  ];
}

/** A metric that k6 leaves out while it is zero. */
function number0(metrics: z.output<typeof summary>['metrics'], metric: string): number {
  return Number(metrics[metric]?.['count'] ?? 0);
}

/** Runs a program with our standard output; gives its exit status. */
function run(command: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
