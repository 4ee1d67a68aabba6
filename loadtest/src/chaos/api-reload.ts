import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { watchProcess } from '../consoles/process-watch.js';
import { type HttpAsk, runHttpLoad } from '../http-load.js';
import type { Figure } from '../results.js';
import { type OwnInstance, withOwnInstance } from './own-instance.js';
import { pm2 } from './pm2.js';
import type { ChaosContext } from './scenario.js';

export const API_RELOAD_WHOLE = { TIMES: 5, RATE: 1_000, SECONDS: 15 };
const PROCESSES = 2;
const CONNECTIONS = 64;
/** Within what two cores carry beside the one who asks: `capacity` says how much that is. */
const WRITE_ONE_IN = 50;
const READS = ['/packages', '/routers', '/dashboard/stats', '/packages?active=true', '/customers?limit=20'];
const PAUSE_MS = 3_000;
const MAX_LAG_MS = 50;
/** A process that has just been started compiles what it runs, for some tens of thousands of requests. */
const WARM_MS = 30_000;

/** A release under load: PM2 reloads the API processes one after the other while keep-alive clients read and write. */
export async function apiReload(context: ChaosContext): Promise<Figure[]> {
  const { config, say, signal } = context;
  const times = config.TIMES ?? API_RELOAD_WHOLE.TIMES;
  const perSecond = config.RATE ?? API_RELOAD_WHOLE.RATE;
  return withOwnInstance({ ...context, env: { API_INSTANCES: String(PROCESSES) } }, async (own) => {
    const { apiUrl, apiToken: token } = own.instance;
    const common = { apiUrl, token, connections: CONNECTIONS, ask: askOf(), signal };
    const busy = await underFullLoad(own, context, common);
    say(`${perSecond} requests/s, 1 in ${WRITE_ONE_IN} writes, over ${CONNECTIONS} connections; ${times} reloads`);
    const until = new AbortController();
    const running = runHttpLoad({ ...common, perSecond, durationMs: Infinity, until: until.signal });
    // Whoever stops us ends both: the reloads tell.
    running.catch(() => undefined);
    const reloading = async (): Promise<number> => {
      for (let count = 1; count <= times; count += 1) {
        await delay(PAUSE_MS, undefined, { signal });
        const startedMs = performance.now();
        await pm2(config, own.dataDir, ['reload', 'api']);
        say(`  reload ${count} of ${times}: ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
      }
      await delay(PAUSE_MS, undefined, { signal });
      return times;
    };
    const reloads = await reloading().finally(() => until.abort());
    const run = await running;
    for (const example of run.examples) say(`  ${example}`);
    return [
      { name: 'reloads', value: reloads, unit: '', atLeast: times },
      { name: 'requests meanwhile', value: run.sent, unit: '', atLeast: 1 },
      { name: 'requests a second', value: run.sent / run.seconds, unit: '/s', atLeast: perSecond * 0.95 },
      { name: 'requests that failed', value: run.failed, unit: '', atMost: 0 },
      { name: 'asked again, as the kept connection was closed just then', value: run.askedAgain, unit: '' },
      { name: 'latency p50', value: run.latencies.percentile(50), unit: 'ms' },
      { name: 'latency p99', value: run.latencies.percentile(99), unit: 'ms' },
      { name: 'latency highest', value: run.latencies.maxMs, unit: 'ms' },
      ...busy,
    ];
  });
}

/** The same requests at any time, so that both parts of the run ask for the same. */
function askOf(): (turn: number) => HttpAsk {
  const run = randomBytes(4).toString('hex');
  let customers = 0;
  return (turn) => {
    if (turn % WRITE_ONE_IN !== WRITE_ONE_IN - 1) {
      return { path: READS[turn % READS.length] ?? '/packages', expected: 200 };
    }
    customers += 1;
    return { method: 'POST', path: '/customers', body: { username: `reload-${run}-${customers}` }, expected: 201 };
  };
}

type Common = Pick<Parameters<typeof runHttpLoad>[0], 'apiUrl' | 'token' | 'connections' | 'ask' | 'signal'>;

/** As much as the processes can do, and how late their event loops were in their worst second. */
async function underFullLoad(own: OwnInstance, { config, say }: ChaosContext, common: Common): Promise<Figure[]> {
  const seconds = config.SECONDS ?? API_RELOAD_WHOLE.SECONDS;
  say(`full load for ${seconds} s: each of ${CONNECTIONS} connections asks as soon as it is answered`);
  await runHttpLoad({ ...common, perSecond: Infinity, durationMs: WARM_MS });
  const pids = await own.pids('api');
  const opsUrls = await readOpsUrls(own.dataDir);
  const watches = opsUrls.map((url, index) => watchProcess(pids[index] ?? 0, url));
  const run = await runHttpLoad({ ...common, perSecond: Infinity, durationMs: seconds * 1_000 });
  const watched = await Promise.all(watches.map((watch) => watch.end()));
  const worst = Math.max(...watched.map(({ worstLagMs }) => worstLagMs));
  for (const example of run.examples) say(`  ${example}`);
  return [
    { name: 'full load: requests a second', value: run.sent / run.seconds, unit: '/s' },
    { name: 'full load: requests that failed', value: run.failed, unit: '', atMost: 0 },
    { name: 'full load: API processes watched', value: watched.length, unit: '', atLeast: PROCESSES },
    { name: 'full load: event loop p99 in the worst second', value: worst, unit: 'ms', atMost: MAX_LAG_MS },
  ];
}

const instanceFile = z.object({ ops: z.array(z.object({ role: z.string(), url: z.string() })) });

async function readOpsUrls(dataDir: string): Promise<string[]> {
  const { ops } = instanceFile.parse(JSON.parse(await readFile(path.join(dataDir, 'instance.json'), 'utf8')));
  return ops.filter(({ role }) => role === 'api').map(({ url }) => url);
}
