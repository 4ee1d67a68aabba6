import type { Figure } from '../results.js';
import { holds } from '../results.js';
import { seriesOf } from '../k6/k6-series.js';
import { apartFigures, costFigures, runMix, type MixRun } from '../k6/mix-run.js';
import type { K6Scenario } from '../k6/scenario.js';
import { atMostOf, figuresOf, readSlo, type Bound } from '../k6/slo.js';
import { withStage } from '../k6/stage.js';
import { warmUp } from '../k6/warm-up.js';
import { CAPACITY_FIGURE } from './capacity-file.js';
import { confirmCapacity, searchCapacity } from './capacity-search.js';
import { capacityTable, usersWithin } from './capacity-table.js';

export const CAPACITY_WHOLE = { SECONDS: 60 };
const FROM = 500;
const MOST = 20_000;
const STEP_SECONDS = 15;
const WITHIN = 0.04;
const TRIES = 5;
const DOWN = 0.05;

/** The highest rate of the mixed rounds at which every bound holds, by short steps, and for a minute at the end. */
export const capacity: K6Scenario = async (config, say, signal) => {
  const bounds = await readSlo(config.root, 'capacity');
  const confirmSeconds = config.SECONDS ?? CAPACITY_WHOLE.SECONDS;
  const stepSeconds = Math.min(STEP_SECONDS, confirmSeconds);
  const from = config.RATE ?? FROM;
  return withStage({ config, say, signal }, async (stage) => {
    let last: Tried | undefined;
    const tryFor = (seconds: number) => async (rate: number) => {
      const run = await runMix(stage, { rate, seconds, slo: 'capacity' });
      const figures = judged(bounds, run, rate);
      const missed = figures.filter((figure) => !holds(figure)).map(({ name }) => name);
      const verdict = missed.length === 0 ? 'holds' : `does not hold: ${missed.join(', ')}`;
      say(`  ${rate}/s for ${seconds} s ${verdict} (p95 ${p95Of(figures)} ms)`);
      last = { run, figures };
      return missed.length === 0;
    };
    await warmUp(stage, confirmSeconds);
    say(`looking for the highest rate that holds, from ${from} requests a second, ${stepSeconds} s each`);
    const found = await searchCapacity({ from, most: MOST, within: WITHIN, holds: tryFor(stepSeconds) });
    say(`${found}/s held; now for ${confirmSeconds} s`);
    const confirmed = await confirmCapacity(found, { tries: TRIES, down: DOWN, holds: tryFor(confirmSeconds) });
    const table = capacityTable(confirmed ?? 0);
    return {
      figures: [
        { name: CAPACITY_FIGURE, value: confirmed ?? 0, unit: '/s', atLeast: 1 },
        { name: 'users that this is enough for', value: usersWithin(confirmed ?? 0), unit: '' },
        { name: 'highest rate that held in short steps', value: found, unit: '/s' },
        ...(last === undefined ? [] : [...last.figures, ...costFigures(last.run), ...apartFigures(last.run.metrics)]),
      ],
      ...(last === undefined ? {} : { series: seriesOf(last.run.seconds, atMostOf(bounds, 'all requests, p95')) }),
      table,
    };
  });
};

interface Tried {
  readonly run: MixRun;
  readonly figures: readonly Figure[];
}

function judged(bounds: readonly Bound[], run: MixRun, rate: number): Figure[] {
  return figuresOf(bounds, run.metrics, {
    'rate against what was asked': run.rate / rate,
    'cache hit rate': run.hitRate,
  });
}

function p95Of(figures: readonly Figure[]): string {
  return (figures.find(({ name }) => name === 'all requests, p95')?.value ?? Number.NaN).toFixed(1);
}
