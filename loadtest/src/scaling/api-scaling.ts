import { availableParallelism } from 'node:os';
import { withOwnInstance } from '../chaos/own-instance.js';
import { idleShare, readMachineTimes } from '../process-cpu.js';
import type { Program } from '../programs.js';
import { runWrk } from '../wrk.js';
import type { Measured, Step } from './efficiency.js';
import { pin, placement } from './placement.js';
import type { ScalingContext } from './scaling.js';

/**
 * Its figures are cached for a minute, so PostgreSQL is hardly ever asked; but unlike the lists, whose whole answers are kept, each
 * answer is made anew by the whole application (Express, token, rights, contract, JSON): what is busy is the API process.
 */
const ROUTE = '/reports/tax';
const CONNECTIONS = 64;
const WARM_SECONDS = 5;

/** Requests a second with so many API processes in an instance of their own. */
export async function apiStep(
  { config, say, signal, seconds, times }: ScalingContext,
  { wrk, taskset }: { readonly wrk: Program; readonly taskset: Program },
  processes: number,
): Promise<Step> {
  const { generator, processes: cores, shared } = placement(availableParallelism(), processes);
  const placed = `on cores ${cores}, generator on ${generator}${shared ? ' too' : ''}`;
  return withOwnInstance({ config, say, signal, env: { API_INSTANCES: String(processes) } }, async (own) => {
    await pin(taskset, await own.pids('api'), cores);
    const ask = (forSeconds: number) =>
      runWrk({
        wrk,
        url: own.instance.apiUrl + ROUTE,
        headers: { authorization: `Bearer ${own.instance.apiToken}` },
        connections: CONNECTIONS,
        seconds: forSeconds,
        prefix: [taskset.file, '-c', generator],
        signal,
      });
    await ask(WARM_SECONDS);
    const runs: Measured[] = [];
    for (let time = 1; time <= times; time += 1) {
      const before = await readMachineTimes();
      const run = await ask(seconds);
      const idle = idleShare(before, await readMachineTimes());
      if (run.non2xx + run.socketErrors > 0) {
        throw new Error(`${run.non2xx + run.socketErrors} of ${run.requests} requests failed: nothing can be compared`);
      }
      say(`  ${processes} API: ${Math.round(run.perSecond).toLocaleString('en')}/s, ${(idle * 100).toFixed(0)} % idle`);
      runs.push({ perSecond: run.perSecond, idleShare: idle });
    }
    return { processes, placed, runs };
  });
}
