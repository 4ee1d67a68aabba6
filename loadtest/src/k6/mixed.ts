import type { Outcome } from '../outcome.js';
import { seriesOf } from './k6-series.js';
import { apartFigures, costFigures, runMix } from './mix-run.js';
import type { K6Scenario } from './scenario.js';
import { atMostOf, figuresOf, readSlo } from './slo.js';
import { withStage } from './stage.js';
import { warmUp } from './warm-up.js';

export const MIXED_WHOLE = { RATE: 3_000, SECONDS: 60 };
/** A little more than is to be answered: the first and the last moments count too. */
const RATE = 3_200;

/** Seven cached reads, two others and a write in ten requests, at a constant rate. */
export const mixed: K6Scenario = async (config, say, signal): Promise<Outcome> => {
  const bounds = await readSlo(config.root, 'mixed');
  const rate = config.RATE ?? RATE;
  const seconds = config.SECONDS ?? MIXED_WHOLE.SECONDS;
  return withStage({ config, say, signal }, async (stage) => {
    await warmUp(stage, seconds);
    say(`${rate} requests a second for ${seconds} s`);
    const run = await runMix(stage, { rate, seconds, slo: 'mixed' });
    return {
      figures: [
        ...figuresOf(bounds, run.metrics, { 'cache hit rate': run.hitRate }),
        ...costFigures(run),
        ...apartFigures(run.metrics),
      ],
      series: seriesOf(run.seconds, atMostOf(bounds, 'all requests, p95')),
    };
  });
};
