import { readCapacity } from '../capacity/capacity-file.js';
import type { Figure } from '../results.js';
import type { Series } from '../series.js';
import { growthPercent, moreAtMost } from './growth.js';
import { percentileMs, seriesOf } from './k6-series.js';
import { costFigures, measured } from './mix-run.js';
import { sampleProcesses, type Sample } from './process-samples.js';
import type { K6Scenario } from './scenario.js';
import { atMostOf, figuresOf, readSlo } from './slo.js';
import { withStage } from './stage.js';

export const SOAK_WHOLE = { MINUTES: 30 };
const SHARE_OF_CAPACITY = 0.5;
const RATE = 800;
const SAMPLE_SECONDS = 10;
/** Of a short one there is something to compare too. */
const LEAST_SAMPLES = 12;
const MOST_POINTS = 300;

/** Half of what the machine can do, for long: whether anything grows. */
export const soak: K6Scenario = async (config, say, signal) => {
  const bounds = await readSlo(config.root, 'soak');
  const capacity = await readCapacity(config.root);
  const rate = config.RATE ?? (capacity === undefined ? RATE : Math.round(capacity * SHARE_OF_CAPACITY));
  const seconds = Math.round((config.MINUTES ?? SOAK_WHOLE.MINUTES) * 60);
  const everySeconds = Math.min(SAMPLE_SECONDS, seconds / LEAST_SAMPLES);
  return withStage({ config, say, signal }, async (stage) => {
    if (config.RATE === undefined && capacity === undefined) {
      say(
        `results/capacity.json is not there: \`npm run loadtest -- capacity\` finds what half of it is; ${RATE}/s now`,
      );
    }
    say(`${rate} requests a second for ${(seconds / 60).toFixed(1)} minutes, a look at the processes every 10 s`);
    const sampling = await sampleProcesses(stage.own, everySeconds * 1_000, say);
    const run = await measured(stage, () => stage.run('soak', { RATE: rate, SECONDS: seconds }));
    const { samples, restarts } = await sampling.end();
    const of = (pick: (sample: Sample) => number): number[] => samples.map(pick);
    const lastThird = run.seconds.slice(-Math.ceil(run.seconds.length / 3));
    return {
      figures: [
        ...figuresOf(bounds, run.metrics, {
          'all requests, p95 of the last third': percentileMs(lastThird, 95),
          'RSS of all processes, last third against second': growthPercent(of(({ rssMiB }) => rssMiB)),
          'heap of all processes, last third against second': growthPercent(of(({ heapMiB }) => heapMiB)),
          'file descriptors more in the last third': moreAtMost(of(({ descriptors }) => descriptors)),
          'PostgreSQL connections more in the last third': moreAtMost(of((sample) => sample.postgresConnections)),
          'Redis connections more in the last third': moreAtMost(of((sample) => sample.redisConnections)),
          'processes that were started again': restarts,
        }),
        { name: 'cache hit rate', value: run.hitRate, unit: '%' },
        { name: 'looks at the processes', value: samples.length, unit: '' },
        ...highestOf(samples),
        ...costFigures(run).filter(({ name }) => !name.startsWith('all requests')),
      ],
      series: [
        ...seriesOf(run.seconds, atMostOf(bounds, 'all requests, p95 of the last third')),
        ...sampleSeries(samples, everySeconds),
      ],
    };
  });
};

function highestOf(samples: readonly Sample[]): Figure[] {
  const names = Object.keys(samples[0]?.rssOf ?? {});
  return names.map((name) => {
    const value = Math.max(...samples.map(({ rssOf }) => rssOf[name] ?? 0));
    return { name: `highest RSS of ${name}`, value, unit: 'MiB' };
  });
}

function sampleSeries(samples: readonly Sample[], everySeconds: number): Series[] {
  const step = Math.max(1, Math.ceil(samples.length / MOST_POINTS));
  const kept = samples.filter((_sample, index) => index % step === 0);
  const series = (name: string, unit: string, pick: (sample: Sample) => number): Series => ({
    name,
    unit,
    everySeconds: everySeconds * step,
    values: kept.map((sample) => Math.round(pick(sample) * 10) / 10),
  });
  return [
    series('RSS of all processes', 'MiB', ({ rssMiB }) => rssMiB),
    series('heap of all processes', 'MiB', ({ heapMiB }) => heapMiB),
    series('file descriptors', '', ({ descriptors }) => descriptors),
    series('PostgreSQL connections', '', ({ postgresConnections }) => postgresConnections),
    series('Redis connections', '', ({ redisConnections }) => redisConnections),
  ];
}
