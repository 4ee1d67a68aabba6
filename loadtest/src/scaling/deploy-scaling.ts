import { withOwnInstance } from '../chaos/own-instance.js';
import { deployAll, registerRouters } from '../deploys.js';
import { idleShare, readMachineTimes } from '../process-cpu.js';
import { startSimulator, type RunningSimulator } from '../simulator.js';
import type { Measured, Step } from './efficiency.js';
import type { ScalingContext } from './scaling.js';

/** Four rounds of the four deploys that a worker has under way at once, whatever their number, so that all end alike. */
const ROUTERS_A_WORKER = 16;
/** What a router behind a mobile link takes for each answer: a deploy waits for routers, not for this machine. */
const ROUTER_DELAY_MS = 50;
const TIMEOUT_MS = 30_000;

/** Deploys a second with so many workers in an instance of their own. Workers, simulator and stores share all cores. */
export async function deployStep({ config, say, signal, times }: ScalingContext, processes: number): Promise<Step> {
  const count = ROUTERS_A_WORKER * processes;
  const simulator = await startSimulator(config, count * times, 0);
  try {
    await slowDown(simulator);
    const env = { WORKER_INSTANCES: String(processes), ROUTER_ALLOW_LOOPBACK: 'true' };
    return await withOwnInstance({ config, say, signal, env }, async (own) => {
      const running = (await own.pids('worker')).length;
      if (running !== processes) throw new Error(`${running} workers run instead of ${processes}`);
      const ids = await registerRouters(own.instance, simulator.routers, signal);
      const runs: Measured[] = [];
      for (let time = 0; time < times; time += 1) {
        const before = await readMachineTimes();
        const { routers, seconds } = await deployAll(own.instance, ids.slice(time * count, (time + 1) * count), signal);
        const idle = idleShare(before, await readMachineTimes());
        const perSecond = routers / seconds;
        say(`  ${processes} workers: ${perSecond.toFixed(2)} deploys/s, ${(idle * 100).toFixed(0)} % idle`);
        runs.push({ perSecond, idleShare: idle });
      }
      return { processes, placed: '', runs };
    });
  } finally {
    await simulator.stop();
  }
}

async function slowDown({ routers, controlUrl }: RunningSimulator): Promise<void> {
  for (const { name } of routers) {
    const response = await fetch(`${controlUrl}/routers/${encodeURIComponent(name)}/faults`, {
      method: 'POST',
      body: JSON.stringify({ delayMs: ROUTER_DELAY_MS }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  }
}
