import { setTimeout as delay } from 'node:timers/promises';
import { exactFigures } from '../purchases/purchase-figures.js';
import { runPurchases } from '../purchases/purchase-run.js';
import type { Figure } from '../results.js';
import { startSimulator, type RunningSimulator } from '../simulator.js';
import { runningPids } from './kill.js';
import { withOwnInstance, type OwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';

export const CHAOS_PURCHASES_WHOLE = { COUNT: 500, TIMES: 20 };

/** In turns; the outbox's relay is part of the worker. Stores do not come back by themselves: `npm start` brings them. */
const TARGETS = [
  { process: 'worker', restartedBy: 'pm2' },
  { process: 'api', restartedBy: 'pm2' },
  { process: 'redis durable', restartedBy: 'operator' },
  { process: 'postgres', restartedBy: 'operator' },
  { process: 'redis cache', restartedBy: 'operator' },
] as const;
const EVERY_S = 8;
const FIRST_KILL_AFTER_MS = 5_000;
const PATIENCE_MS = 90_000;
const FORGED = 100;
/** Who dies between writing that it will ask and asking leaves a customer who was not asked: nobody is asked twice instead. */
const ASKED_SHARE = 0.9;
const PHONES = 100_000_000;

/** Customers buy and phones pay while everything that sells is killed, one after another. The stand-in lives outside. */
export async function killedPurchases(context: ChaosContext): Promise<Figure[]> {
  const simulator = await startSimulator(context.config, 1, 0);
  try {
    return await withOwnInstance({ ...context, env: darajaEnv(simulator) }, (own) =>
      sellAndKill(context, own, simulator),
    );
  } finally {
    await simulator.stop();
  }
}

function darajaEnv({ daraja }: RunningSimulator): Record<string, string> {
  return {
    DARAJA_URL: daraja.url,
    DARAJA_CONSUMER_KEY: daraja.consumerKey,
    DARAJA_CONSUMER_SECRET: daraja.consumerSecret,
    DARAJA_SHORTCODE: daraja.shortcode,
    DARAJA_PASSKEY: daraja.passkey,
  };
}

async function sellAndKill(
  context: ChaosContext,
  own: OwnInstance,
  { controlUrl }: RunningSimulator,
): Promise<Figure[]> {
  const { config, say, signal, random } = context;
  const count = config.COUNT ?? CHAOS_PURCHASES_WHOLE.COUNT;
  const times = config.TIMES ?? CHAOS_PURCHASES_WHOLE.TIMES;
  const everyMs = (config.EVERY ?? EVERY_S) * 1_000;
  const { nasAddress, secret } = await own.prepare({ customers: 1 });
  const rate = config.RATE ?? count / ((times * everyMs + FIRST_KILL_AFTER_MS) / 1_000);
  say(`${count} purchases, ${rate.toFixed(1)} a second, while ${times} processes and stores are killed`);
  const killing = killInTurns(context, own, times, everyMs);
  // Whoever fails first is told of below.
  killing.catch(() => undefined);
  const run = await runPurchases({
    instance: own.instance,
    darajaControlUrl: `${controlUrl}/daraja`,
    nas: { nasAddress, secret },
    count,
    rate,
    forged: FORGED,
    probeOneIn: 0,
    patienceMs: PATIENCE_MS,
    firstPhone: Math.floor(random() * PHONES),
    ready: killing,
    say,
    signal,
  });
  for (const example of run.check.examples) say(`  ${example}`);
  return [
    { name: 'kills', value: await killing, unit: '', atLeast: times },
    { name: 'purchase calls made again', value: run.repeated, unit: '' },
    { name: 'customers who were never served', value: run.refused, unit: '', atMost: 0 },
    ...exactFigures(run, Math.floor(count * ASKED_SHARE)),
  ];
}

/** Gives how many were killed, once everything is up again. */
async function killInTurns(
  { say, signal }: ChaosContext,
  own: OwnInstance,
  times: number,
  everyMs: number,
): Promise<number> {
  await delay(FIRST_KILL_AFTER_MS, undefined, { signal });
  for (let turn = 0; turn < times; turn += 1) {
    const target = TARGETS[turn % TARGETS.length] ?? TARGETS[0];
    const pids = await runningPids(own, target.process, signal);
    const killedMs = performance.now();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    if (target.restartedBy === 'operator') await own.up();
    const upMs = performance.now() - killedMs;
    const again = target.restartedBy === 'operator' ? `, up after ${(upMs / 1_000).toFixed(1)} s` : '';
    say(`  kill ${turn + 1} of ${times}: ${target.process}${again}`);
    await delay(Math.max(0, everyMs - upMs), undefined, { signal });
  }
  await own.up();
  return times;
}
