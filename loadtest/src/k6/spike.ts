import { readCapacity } from '../capacity/capacity-file.js';
import { answersOf, percentileMs, seriesOf, type Second } from './k6-series.js';
import { costFigures, measured } from './mix-run.js';
import type { K6Scenario } from './scenario.js';
import { atMostOf, figuresOf, readSlo, statOf } from './slo.js';
import { withStage } from './stage.js';
import { warmUp } from './warm-up.js';

export const SPIKE_WHOLE = { SECONDS: 40 };
const SPIKE_SECONDS = 20;
const TIMES = 5;
/** Five times as much is more than the machine can do. */
const SHARE_OF_CAPACITY = 0.3;
const RATE = 600;
const WINDOW = 5;

/** Load as usual, five times as much for twenty seconds, load as usual. */
export const spike: K6Scenario = async (config, say, signal) => {
  const bounds = await readSlo(config.root, 'spike');
  const p95AtMost = atMostOf(bounds, 'p95 before the spike');
  const capacity = await readCapacity(config.root);
  const rate = config.RATE ?? (capacity === undefined ? RATE : Math.round(capacity * SHARE_OF_CAPACITY));
  const seconds = config.SECONDS ?? SPIKE_WHOLE.SECONDS;
  return withStage({ config, say, signal }, async (stage) => {
    const env = { RATE: rate, SECONDS: seconds, SPIKE_SECONDS, BUSY_IS_FINE: 'yes' };
    say(`${rate} requests a second, ${TIMES} times as many for ${SPIKE_SECONDS} s, ${rate} again`);
    await warmUp(stage, seconds);
    const run = await measured(stage, () => stage.run('spike', env));
    const parts = partsOf(run.seconds, seconds, SPIKE_SECONDS);
    const again = recoverySeconds(parts.after, p95AtMost);
    const turnedAway = run.seconds.reduce((sum, second) => sum + second.turnedAway, 0);
    const rateOf = (part: readonly Second[]): number => answersOf(part) / Math.max(1, part.length);
    return {
      figures: [
        ...figuresOf(bounds, run.metrics, {
          'p95 before the spike': percentileMs(parts.before, 95),
          'p95 is within its bound again after': again,
        }),
        { name: 'turned away with 503 and Retry-After', value: turnedAway, unit: '' },
        { name: 'answers before the spike', value: rateOf(parts.before), unit: '/s' },
        { name: 'answers in the spike', value: rateOf(parts.during), unit: '/s' },
        { name: 'answers after the spike', value: rateOf(parts.after), unit: '/s' },
        { name: 'p95 in the spike', value: percentileMs(parts.during, 95), unit: 'ms' },
        { name: 'p95 after the spike', value: percentileMs(parts.after, 95), unit: 'ms' },
        { name: 'connections that k6 opened at most', value: statOf(run.metrics, 'vus_max', 'max'), unit: '' },
        ...costFigures(run),
      ],
      series: seriesOf(run.seconds, p95AtMost),
    };
  });
};

interface Parts {
  readonly before: readonly Second[];
  readonly during: readonly Second[];
  readonly after: readonly Second[];
}

/** The first second is when k6 begins; what comes after the planned end is the tail of the load after. */
export function partsOf(seconds: readonly Second[], around: number, spikeSeconds: number): Parts {
  const end = around + spikeSeconds;
  return { before: seconds.slice(0, around), during: seconds.slice(around, end), after: seconds.slice(end) };
}

/** Seconds until the first five in a row that are within the bound together; Infinity: there are none. */
export function recoverySeconds(after: readonly Second[], p95AtMost: number): number {
  for (let from = 0; from + WINDOW <= after.length; from += 1) {
    if (percentileMs(after.slice(from, from + WINDOW), 95) <= p95AtMost) return from;
  }
  return Number.POSITIVE_INFINITY;
}
