import { cpuSecondsOf } from '../process-cpu.js';
import type { Figure } from '../results.js';
import { hitRate, readCacheCounts } from './cache-counts.js';
import type { K6Run } from './run-k6.js';
import { statOf, type K6Metrics } from './slo.js';
import type { Stage } from './stage.js';

/** The mixed rounds at one rate, with what only the service itself can tell. */
export interface MixRun extends K6Run {
  /** Answers a second. */
  readonly rate: number;
  /** Of all reads of the cache, %. */
  readonly hitRate: number;
  /** Processor time of all API processes. */
  readonly apiCpuSeconds: number;
}

export interface MixRate {
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Whose bounds k6 holds as thresholds. */
  readonly slo: string;
}

export async function runMix(stage: Stage, { rate, seconds, slo }: MixRate): Promise<MixRun> {
  return measured(stage, () => stage.run('mixed', { RATE: rate, SECONDS: seconds, SLO: slo }));
}

/** What the API did while `run` ran. */
export async function measured({ own }: Stage, run: () => Promise<K6Run>): Promise<MixRun> {
  const { apiUrl } = own.instance;
  const pids = await own.pids('api');
  const before = { counts: await readCacheCounts(apiUrl), cpu: await cpuSecondsOf(pids) };
  const ran = await run();
  const apiCpuSeconds = (await cpuSecondsOf(pids)) - before.cpu;
  const after = await readCacheCounts(apiUrl);
  return {
    ...ran,
    rate: statOf(ran.metrics, 'http_reqs', 'rate'),
    hitRate: hitRate(before.counts, after),
    apiCpuSeconds,
  };
}

const STATS = [
  ['med', 'p50'],
  ['p(95)', 'p95'],
  ['p(99)', 'p99'],
] as const;
const APART = /^http_req_duration\{(?:kind|name):(.+)\}$/;

/** Percentiles of everything that k6 kept apart: kinds first. */
export function apartFigures(metrics: K6Metrics): Figure[] {
  // Of what was not asked at all there is nothing to tell.
  const names = Object.keys(metrics).filter((name) => APART.test(name) && statOf(metrics, name, 'max') > 0);
  const ofKinds = names.filter((name) => name.includes('{kind:'));
  return [...ofKinds, ...names.filter((name) => !ofKinds.includes(name))].flatMap((metric) =>
    STATS.map(([stat, word]) => ({
      name: `${APART.exec(metric)?.[1] ?? metric}, ${word}`,
      value: statOf(metrics, metric, stat),
      unit: 'ms',
    })),
  );
}

/** What it cost, and what k6 could not start. */
export function costFigures({ metrics, cpuSeconds, apiCpuSeconds, durationMs }: MixRun): Figure[] {
  const requests = statOf(metrics, 'http_reqs', 'count');
  return [
    { name: 'requests', value: requests, unit: '' },
    { name: 'all requests, p50', value: statOf(metrics, 'http_req_duration', 'med'), unit: 'ms' },
    { name: 'all requests, p99', value: statOf(metrics, 'http_req_duration', 'p(99)'), unit: 'ms' },
    { name: 'rounds that could not be started', value: statOf(metrics, 'dropped_iterations', 'count'), unit: '' },
    { name: 'processor time of the API', value: apiCpuSeconds, unit: 's' },
    { name: 'processor time of the API for a request', value: (apiCpuSeconds / requests) * 1_000, unit: 'ms' },
    { name: 'processor time of k6', value: cpuSeconds, unit: 's' },
    { name: 'duration', value: durationMs / 1_000, unit: 's' },
  ];
}
