import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { pm2 } from '../chaos/pm2.js';
import { residentMiB } from '../process-memory.js';
import { withOwnInstance, type OwnInstance } from '../chaos/own-instance.js';
import type { LoadtestConfig } from '../config.js';
import type { Instance } from '../instance.js';
import { inLanes } from '../purchases/in-lanes.js';
import { createDarajaControl } from '../purchases/daraja-control.js';
import { percentile } from '../purchases/percentile.js';
import type { RadiusTarget, Say } from '../radius/target.js';
import type { Figure } from '../results.js';
import { darajaEnv, startSimulator } from '../simulator.js';
import { createChanges, type Changes } from './changes.js';
import { changeSources, deliveriesOf, type Change } from './deliveries.js';
import { openConsoles, type Consoles } from './open-consoles.js';
import { readOpsUrl, watchProcess } from './process-watch.js';
import { startSecondApi } from './second-api.js';
import { readOperator, signIn } from './sign-in.js';
import { stampede } from './stampede.js';

export const CONSOLES_WHOLE = { COUNT: 200, SECONDS: 120, RATE: 4 };
const OPEN_WITHIN_MS = 30_000;
/** The last events, and payments whose phones have not answered yet. */
const TAIL_MS = 10_000;
const BEFORE_RELOAD_MS = 5_000;
const AFTER_RELOAD_MS = 15_000;
const SIGN_INS_AT_ONCE = 4;
/** One through the API and half a customer's session each time. */
const SPARE_CUSTOMERS = 500;
const MAX_EVENT_MS = 1_000;
const MAX_READ_MS = 300;
const MAX_MIB = 400;
const MAX_LAG_MS = 250;
const PHONES = { clear: true, delayMs: 500 };

interface Stage {
  readonly config: LoadtestConfig;
  readonly own: OwnInstance;
  readonly consoles: Consoles;
  readonly changes: Changes;
  readonly say: Say;
  readonly signal: AbortSignal;
}

/**
 * Many people have the console open at one API process while another one, RADIUS and the worker change things: when each hears
 * of each change, what that costs the process, and whether anybody misses anything when it is reloaded.
 */
export async function consoles(
  config: LoadtestConfig,
  _instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  // Every request of the generator listens to it.
  setMaxListeners(0, signal);
  const simulator = await startSimulator(config, 1, 0);
  try {
    await createDarajaControl(`${simulator.controlUrl}/daraja`).rule(PHONES);
    return await withOwnInstance({ config, say, signal, env: darajaEnv(simulator) }, async (own) => {
      const second = await startSecondApi(config, own.dataDir, signal);
      try {
        return await watchAndChange({ config, own, writeUrl: second.apiUrl, say, signal });
      } finally {
        await second.stop();
      }
    });
  } finally {
    await simulator.stop();
  }
}

interface Setting extends Omit<Stage, 'consoles' | 'changes'> {
  readonly writeUrl: string;
}

async function watchAndChange({ config, own, writeUrl, say, signal }: Setting): Promise<Figure[]> {
  const { apiUrl } = own.instance;
  const count = config.COUNT ?? CONSOLES_WHOLE.COUNT;
  const seconds = config.SECONDS ?? CONSOLES_WHOLE.SECONDS;
  const rate = config.RATE ?? CONSOLES_WHOLE.RATE;
  const target = await own.prepare({ customers: Math.ceil(rate * seconds) + SPARE_CUSTOMERS });
  const cookies = await signInAll(apiUrl, own, count, say);
  const watched = await watchChanges({ config, own, writeUrl, say, signal }, { count, seconds, rate }, target, cookies);
  say(`${count} ask for the dashboard at once on two processes while nothing is cached`);
  // Last: it ends every connection to PostgreSQL to have its statements told.
  return [...watched, ...(await stampede(own.instance, [apiUrl, writeUrl], cookies, signal))];
}

interface Load {
  readonly count: number;
  readonly seconds: number;
  readonly rate: number;
}

async function watchChanges(
  { config, own, writeUrl, say, signal }: Setting,
  { count, seconds, rate }: Load,
  target: RadiusTarget,
  cookies: readonly string[],
): Promise<Figure[]> {
  const { apiUrl } = own.instance;
  const changes = await createChanges({ instance: own.instance, writeUrl, target, rate, signal });
  const before = await residentMiB(await own.pids('api'));
  const consoles = await openConsoles(apiUrl, cookies);
  try {
    const stage: Stage = { config, own, consoles, changes, say, signal };
    const isOpen = await consoles.allOpen(OPEN_WITHIN_MS);
    say(
      `${consoles.counts.open} streams are open; ${rate} changes a second through another API process, as many packets`,
    );
    say(`of accounting, and a purchase every ${(4 / rate).toFixed(1)} s, for ${seconds} s`);
    const steady = await steadyFigures(stage, seconds * 1_000);
    const reloaded = await reloadFigures(stage);
    return [
      { name: 'consoles with an open stream on one process', value: isOpen ? count : 0, unit: '', atLeast: count },
      ...steady,
      ...reloaded,
      { name: 'API process: RSS before the first console is open', value: before, unit: 'MiB' },
      { name: 'changes that were refused', value: changes.failed(), unit: '', atMost: 0 },
    ];
  } finally {
    await consoles.close();
    await changes.close();
  }
}

async function signInAll(apiUrl: string, own: OwnInstance, count: number, say: Say): Promise<string[]> {
  say(`signing ${count} consoles in`);
  const operator = await readOperator(own.dataDir);
  const cookies: string[] = [];
  await inLanes(Array.from({ length: count }), SIGN_INS_AT_ONCE, async () => {
    cookies.push(await signIn(apiUrl, operator));
  });
  return cookies;
}

/** What was made within `work`, when all of it should have been heard. */
async function changed(
  { changes, signal }: Stage,
  work: () => Promise<void>,
): Promise<{ readonly made: readonly Change[]; readonly took: number }> {
  const before = new Set((await changes.made()).map(({ key }) => key));
  const until = new AbortController();
  const startedMs = performance.now();
  const running = changes.run(until.signal);
  await work().finally(() => until.abort());
  const took = performance.now() - startedMs;
  await running;
  await delay(TAIL_MS, undefined, { signal });
  const made = (await changes.made()).filter(({ key }) => !before.has(key));
  return { made, took };
}

async function steadyFigures(stage: Stage, durationMs: number): Promise<Figure[]> {
  const { own, consoles, say, signal } = stage;
  const [pid = 0] = await own.pids('api');
  const watch = watchProcess(pid, await readOpsUrl(own.dataDir, 'api'));
  const readsBefore = consoles.reads.tookMs.length;
  const { made, took } = await changed(stage, () => delay(durationMs, undefined, { signal }));
  const { highestMiB, worstLagMs, cpuShare } = await watch.end();
  const { tookMs, missing } = deliveriesOf(made, consoles.heard);
  const reads = consoles.reads.tookMs.slice(readsBefore);
  for (const [answer, times] of consoles.reads.others) say(`  ${times} reads of the dashboard were answered ${answer}`);
  return [
    ...changeSources.map((source) => {
      const value = made.filter(({ from }) => from === source).length;
      return { name: `changes made by ${WRITERS[source]}`, value, unit: '', atLeast: 1 };
    }),
    { name: 'from the answer to the event: p50', value: percentile(tookMs, 50), unit: 'ms' },
    { name: 'from the answer to the event: p95', value: percentile(tookMs, 95), unit: 'ms', atMost: MAX_EVENT_MS },
    { name: 'from the answer to the event: p99', value: percentile(tookMs, 99), unit: 'ms' },
    { name: 'from the answer to the event: slowest', value: percentile(tookMs, 100), unit: 'ms' },
    ...changeSources.map((source) => {
      const of = made.filter(({ from }) => from === source);
      const value = percentile(deliveriesOf(of, consoles.heard).tookMs, 95);
      return { name: `  of what came by ${WRITERS[source]}: p95`, value, unit: 'ms' };
    }),
    { name: 'changes that a console did not hear of', value: missing, unit: '', atMost: 0 },
    { name: 'events told in all', value: consoles.counts.events, unit: '' },
    { name: 'events told twice', value: consoles.counts.repeated, unit: '', atMost: 0 },
    { name: 'streams that ended', value: consoles.counts.lost, unit: '', atMost: 0 },
    { name: 'times a console had to read everything again', value: consoles.counts.resets, unit: '', atMost: 0 },
    { name: 'dashboard reads a second', value: (reads.length / (took + TAIL_MS)) * 1_000, unit: '/s' },
    { name: 'dashboard reads: p95', value: percentile(reads, 95), unit: 'ms', atMost: MAX_READ_MS },
    { name: 'dashboard reads: slowest', value: percentile(reads, 100), unit: 'ms' },
    { name: 'dashboard reads that failed', value: consoles.reads.wrong, unit: '', atMost: 0 },
    { name: 'API process: highest RSS', value: highestMiB, unit: 'MiB', atMost: MAX_MIB, atLeast: 1 },
    { name: 'API process: part of a core', value: cpuShare * 100, unit: '%' },
    { name: 'API process: event loop p99 in its worst second', value: worstLagMs, unit: 'ms', atMost: MAX_LAG_MS },
  ];
}

const WRITERS = { api: 'another API process', radius: 'RADIUS', worker: 'the worker' } as const;

async function reloadFigures(stage: Stage): Promise<Figure[]> {
  const { config, own, consoles, say, signal } = stage;
  const { counts } = consoles;
  const before = { ...counts };
  let backMs = Number.NaN;
  say('reloading the API process');
  const { made } = await changed(stage, async () => {
    await delay(BEFORE_RELOAD_MS, undefined, { signal });
    const startedMs = performance.now();
    await pm2(config, own.dataDir, ['reload', 'api']);
    await delay(AFTER_RELOAD_MS, undefined, { signal });
    const isBack = await consoles.allOpen(OPEN_WITHIN_MS);
    backMs = isBack ? performance.now() - startedMs : Number.NaN;
  });
  const { tookMs, missing } = deliveriesOf(made, consoles.heard);
  const cut = counts.lost - before.lost;
  return [
    { name: 'reload: streams that were cut and came back', value: cut, unit: '', atLeast: before.open },
    { name: 'reload: streams open afterwards', value: counts.open, unit: '', atLeast: before.open },
    { name: 'reload: time until then at most', value: backMs / 1_000, unit: 's' },
    { name: 'reload: changes meanwhile', value: made.length, unit: '', atLeast: 1 },
    { name: 'reload: changes that a console did not hear of', value: missing, unit: '', atMost: 0 },
    { name: 'reload: events told twice', value: counts.repeated - before.repeated, unit: '', atMost: 0 },
    {
      name: 'reload: consoles that had to read everything again',
      value: counts.resets - before.resets,
      unit: '',
      atMost: 0,
    },
    { name: 'reload: from the answer to the event, p95', value: percentile(tookMs, 95), unit: 'ms' },
    { name: 'reload: from the answer to the event, slowest', value: percentile(tookMs, 100), unit: 'ms' },
  ];
}
