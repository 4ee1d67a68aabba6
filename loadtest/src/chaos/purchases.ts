import { createDarajaControl } from '../purchases/daraja-control.js';
import { exactFigures } from '../purchases/purchase-figures.js';
import { runPurchases } from '../purchases/purchase-run.js';
import type { Figure } from '../results.js';
import { darajaEnv, startSimulator, type RunningSimulator } from '../simulator.js';
import { type CrashDirectory, makeCrashDirectory } from './crash-directory.js';
import { countKills, nameOf, planOf, type PlannedKill } from './kill-plan.js';
import { type Deaths, killAsPlanned } from './labelled-kills.js';
import { withOwnInstance, type OwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';

export const CHAOS_PURCHASES_WHOLE = { COUNT: 10_000, TIMES: 20, FORGED: 1_000 };

const RATE = 20;
/** Not less: what has died has to be back and at work before the next one dies. */
const LEAST_EVERY_MS = 15_000;
/** Part of the sale in which the plan is carried out; in the rest what could not be killed in its turn is tried again. */
const PLAN_SHARE = 0.85;
const PATIENCE_MS = 90_000;
/** Who dies between writing that it will ask and asking leaves a customer who was not asked: nobody is asked twice instead. */
const ASKED_SHARE = 0.9;
const PHONES = 100_000_000;

/**
 * Customers buy and phones pay while everything that sells is killed where it hurts: processes at their crash points, stores in
 * the middle of a purchase. The stand-in lives outside.
 */
export async function killedPurchases(context: ChaosContext): Promise<Figure[]> {
  const crash = await makeCrashDirectory();
  const simulator = await startSimulator(context.config, 1, 0);
  try {
    // Two, as `npm start` has: while one comes back the other one takes what M-Pesa says only once.
    const env = { ...darajaEnv(simulator), TURNPIKE_CRASH_DIR: crash.path, API_INSTANCES: '2' };
    return await withOwnInstance({ ...context, env }, (own) => sellAndKill(context, own, { simulator, crash }));
  } finally {
    await simulator.stop();
    await crash.remove();
  }
}

/** How fast to sell and how often to kill, so that both are over at about the same time. */
function paceOf({ config }: ChaosContext, plan: readonly PlannedKill[]) {
  const count = config.COUNT ?? CHAOS_PURCHASES_WHOLE.COUNT;
  const leastMs = config.EVERY === undefined ? LEAST_EVERY_MS : config.EVERY * 1_000;
  const slowest = (count * PLAN_SHARE * 1_000) / (plan.length * leastMs);
  const rate = config.RATE ?? Math.min(RATE, slowest);
  const everyMs = config.EVERY === undefined ? ((count / rate) * 1_000 * PLAN_SHARE) / plan.length : leastMs;
  return { count, rate, everyMs: Math.max(LEAST_EVERY_MS, everyMs) };
}

async function sellAndKill(
  context: ChaosContext,
  own: OwnInstance,
  { simulator, crash }: { simulator: RunningSimulator; crash: CrashDirectory },
): Promise<Figure[]> {
  const { config, say, signal, random } = context;
  const plan = planOf(config.TIMES ?? CHAOS_PURCHASES_WHOLE.TIMES);
  const { count, rate, everyMs } = paceOf(context, plan);
  const darajaControlUrl = `${simulator.controlUrl}/daraja`;
  const { nasAddress, secret } = await own.prepare({ customers: 1 });
  say(`${count} purchases, ${rate.toFixed(1)} a second, and ${countKills(plan)} kills`);
  const control = createDarajaControl(darajaControlUrl);
  const killing = killAsPlanned({ plan, everyMs, own, crash, control, say, signal });
  // Whoever fails first is told of below.
  killing.catch(() => undefined);
  const run = await runPurchases({
    instance: own.instance,
    darajaControlUrl,
    nas: { nasAddress, secret },
    count,
    rate,
    forged: config.FORGED ?? Math.min(CHAOS_PURCHASES_WHOLE.FORGED, count),
    probeOneIn: 0,
    everybodyLogsIn: true,
    patienceMs: PATIENCE_MS,
    firstPhone: Math.floor(random() * PHONES),
    breaking: killing,
    recover: own.up,
    say,
    signal,
  });
  for (const example of run.check.examples) say(`  ${example}`);
  return [
    ...killFigures(plan, await killing),
    { name: 'purchase calls made again', value: run.repeated, unit: '' },
    { name: 'customers who were never served', value: run.refused, unit: '', atMost: 0 },
    ...exactFigures(run, Math.floor(count * ASKED_SHARE)),
  ];
}

/** One line for each that was to die, also for one that never did. */
function killFigures(plan: readonly PlannedKill[], deaths: Deaths): Figure[] {
  const planned = new Map<string, number>();
  for (const kill of plan) {
    const names = [nameOf(kill), ...(kill.kind === 'store' ? (kill.meanwhile ?? []) : [])];
    for (const name of names) planned.set(name, (planned.get(name) ?? 0) + 1);
  }
  const died = [...deaths.values()].reduce((sum, count) => sum + count, 0);
  return [
    { name: 'kills', value: died, unit: '', atLeast: countKills(plan) },
    ...[...planned].map(([name, atLeast]) => ({
      name: `killed: ${name}`,
      value: deaths.get(name) ?? 0,
      unit: '',
      atLeast,
    })),
  ];
}
