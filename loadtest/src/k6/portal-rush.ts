import { createDarajaControl } from '../purchases/daraja-control.js';
import { makeBuyers } from '../purchases/buyers.js';
import { putOnSale } from '../purchases/shop.js';
import { darajaEnv, startSimulator } from '../simulator.js';
import { seriesOf } from './k6-series.js';
import { apartFigures, costFigures, measured } from './mix-run.js';
import { buyAs } from './portal-buyer.js';
import type { K6Scenario } from './scenario.js';
import { atMostOf, figuresOf, readSlo } from './slo.js';
import { withStage } from './stage.js';

export const PORTAL_RUSH_WHOLE = { COUNT: 5_000, SECONDS: 10 };
const POLL_SECONDS = 15;
const POLLING_SECONDS = 30;
const WARM_UP_SECONDS = 5;
const PURCHASES = 20;
const SILENT = { clear: true, outcome: 'silent' };

/** Thousands of phones within seconds: each opens the page, and then asks again and again what became of it. */
export const portalRush: K6Scenario = async (config, say, signal) => {
  const bounds = await readSlo(config.root, 'portal-rush');
  const count = config.COUNT ?? PORTAL_RUSH_WHOLE.COUNT;
  const seconds = config.SECONDS ?? PORTAL_RUSH_WHOLE.SECONDS;
  const simulator = await startSimulator(config, 1, 0);
  try {
    // What the polls ask for is waiting all the time: a purchase under way is asked for most.
    await createDarajaControl(`${simulator.controlUrl}/daraja`).rule(SILENT);
    return await withStage({ config, say, signal, env: darajaEnv(simulator) }, async (stage) => {
      const { instance } = stage.own;
      const goods = await putOnSale(instance);
      const references: string[] = [];
      for (const buyer of makeBuyers(PURCHASES, 0)) references.push(await buyAs(instance, goods, buyer));
      const warmUp = { COUNT: Math.ceil(count / 10), SECONDS: WARM_UP_SECONDS, POLL_SECONDS, POLLING_SECONDS: 1 };
      say(`warming up with ${warmUp.COUNT} phones`);
      await stage.run('portal-rush', warmUp, { references });
      const env = { COUNT: count, SECONDS: seconds, POLL_SECONDS, POLLING_SECONDS };
      say(`${count} phones in ${seconds} s, each asks every ${POLL_SECONDS} s for ${POLLING_SECONDS} s more`);
      const run = await measured(stage, () => stage.run('portal-rush', env, { references }));
      return {
        figures: [
          ...figuresOf(bounds, run.metrics),
          { name: 'phones that came', value: run.metrics['checks']?.['passes'] ?? 0, unit: '', atLeast: count },
          ...costFigures(run),
          ...apartFigures(run.metrics),
        ],
        series: seriesOf(run.seconds, atMostOf(bounds, 'all requests, p95')),
      };
    });
  } finally {
    await simulator.stop();
  }
};
