import { z } from 'zod';
import { registerRouters } from '../deploys.js';
import { api, type Instance } from '../instance.js';
import { inLanes } from '../purchases/in-lanes.js';
import { startSimulator } from '../simulator.js';
import { seriesOf } from './k6-series.js';
import { costFigures, measured } from './mix-run.js';
import type { K6Scenario } from './scenario.js';
import { figuresOf, readSlo, statOf } from './slo.js';
import { withStage } from './stage.js';

export const PROVISIONING_BURST_WHOLE = { COUNT: 50 };
const GIVEN_UP_SECONDS = 180;
const LANES = 4;
/** Deployed to before, so that what is measured is no process that has just been started. */
const WARM_UP_ROUTERS = 25;
const deployment = z.object({ deployment: z.string() });

/** A hotspot on many simulated routers at the same moment, until each says that it is active. */
export const provisioningBurst: K6Scenario = async (config, say, signal) => {
  const bounds = await readSlo(config.root, 'provisioning-burst');
  const count = config.COUNT ?? PROVISIONING_BURST_WHOLE.COUNT;
  const simulator = await startSimulator(config, WARM_UP_ROUTERS + count, 0);
  try {
    const env = { ROUTER_ALLOW_LOOPBACK: 'true' };
    return await withStage({ config, say, signal, env }, async (stage) => {
      const { instance } = stage.own;
      say(`adding ${WARM_UP_ROUTERS + count} simulated routers`);
      const ids = await registerRouters(instance, simulator.routers, signal);
      const burstRouterIds = ids.slice(WARM_UP_ROUTERS);
      const burst = (these: readonly string[]) =>
        stage.run('provisioning-burst', { GIVEN_UP_SECONDS }, { burstRouterIds: these });
      say(`warming up with ${WARM_UP_ROUTERS} routers`);
      await burst(ids.slice(0, WARM_UP_ROUTERS));
      say(`a hotspot on ${count} routers at once`);
      const run = await measured(stage, () => burst(burstRouterIds));
      const trend = (name: string, metric: string, stat: string, unit: string) => {
        return { name, value: statOf(run.metrics, metric, stat), unit };
      };
      return {
        figures: [
          ...figuresOf(bounds, run.metrics, {
            'routers that are not active': await countNotActive(instance, burstRouterIds),
          }),
          { name: 'routers', value: burstRouterIds.length, unit: '', atLeast: count },
          trend('202 after, p50', 'accepted_ms', 'med', 'ms'),
          trend('202 after, slowest', 'accepted_ms', 'max', 'ms'),
          trend('active after, p50', 'active_s', 'med', 's'),
          trend('active after, slowest', 'active_s', 'max', 's'),
          { name: 'routers active a second', value: count / statOf(run.metrics, 'active_s', 'max'), unit: '/s' },
          ...costFigures(run),
        ],
        series: seriesOf(run.seconds),
      };
    });
  } finally {
    await simulator.stop();
  }
};

/** As the service itself says afterwards. */
async function countNotActive(instance: Instance, ids: readonly string[]): Promise<number> {
  let others = 0;
  await inLanes(ids, LANES, async (id) => {
    const seen = deployment.parse(await api(instance, 'GET', `/routers/${id}`));
    if (seen.deployment !== 'active') others += 1;
  });
  return others;
}
