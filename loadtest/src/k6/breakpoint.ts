import { answersOf, percentileMs, seriesOf, type Second } from './k6-series.js';
import type { Figure } from '../results.js';
import { apartFigures, costFigures, measured } from './mix-run.js';
import type { K6Scenario } from './scenario.js';
import { atMostOf, readSlo, statOf } from './slo.js';
import { withStage } from './stage.js';
import { warmUp } from './warm-up.js';

export const BREAKPOINT_WHOLE = { SECONDS: 300 };
const FROM = 300;
const MOST = 9_000;
/** A moment's hiccup, such as a collection of garbage, is not the end. */
const WINDOW = 5;

/** A rate that rises until a bound breaks. What it tells is the last rate that held, not whether a bound held. */
export const breakpoint: K6Scenario = async (config, say, signal) => {
  const bounds = await readSlo(config.root, 'breakpoint');
  const p95AtMost = atMostOf(bounds, 'all requests, p95');
  const seconds = config.SECONDS ?? BREAKPOINT_WHOLE.SECONDS;
  const most = config.RATE ?? MOST;
  return withStage({ config, say, signal }, async (stage) => {
    await warmUp(stage, seconds);
    say(`from ${FROM} to ${most} requests a second in ${seconds} s, until a bound of slo.json breaks`);
    const run = await measured(stage, () => stage.run('breakpoint', { RATE: FROM, MOST: most, SECONDS: seconds }));
    const last = lastRateThatHeld(run.seconds, p95AtMost);
    const broke = bounds.filter(({ metric = '', stat = '', atMost = Infinity }) => {
      return statOf(run.metrics, metric, stat) > atMost;
    });
    for (const { figure } of broke) say(`broke: ${figure}`);
    if (broke.length === 0) say(`nothing broke up to ${most} requests a second: try again with a higher --rate`);
    const figures: Figure[] = [
      { name: 'last rate that held', value: last, unit: '/s', atLeast: 1 },
      { name: 'bounds that broke', value: broke.length, unit: '' },
      ...bounds.map(({ figure, metric = '', stat = '', unit }) => {
        return { name: `${figure}, of the whole run`, value: statOf(run.metrics, metric, stat), unit };
      }),
      ...costFigures(run).filter(({ name }) => !bounds.some(({ figure }) => figure === name)),
      ...apartFigures(run.metrics),
    ];
    return { figures, series: seriesOf(run.seconds, p95AtMost) };
  });
};

/** Answers a second of the last five seconds in a row within the bound, before the first five that were not; 0: none. */
export function lastRateThatHeld(seconds: readonly Second[], p95AtMost: number): number {
  let last = 0;
  for (let from = 0; from + WINDOW <= seconds.length; from += 1) {
    const window = seconds.slice(from, from + WINDOW);
    const held = percentileMs(window, 95) <= p95AtMost && window.every(({ wrong }) => wrong === 0);
    if (!held) break;
    last = Math.max(last, answersOf(window) / WINDOW);
  }
  return last;
}
