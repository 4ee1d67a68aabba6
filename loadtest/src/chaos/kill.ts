import { setTimeout as delay } from 'node:timers/promises';
import { runName } from '../radius-scenarios.js';
import type { RadiusTarget } from '../radius/target.js';
import { createTraffic, type Traffic } from '../radius/traffic.js';
import type { Figure } from '../results.js';
import { pidsOf } from '../turnpike-cli.js';
import { withOwnInstance, type OwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';
import { settleLedger } from './settle-ledger.js';
import { UsageError } from '../refusals.js';

/** What can be killed: its name in `npm run status`, and who starts it again. */
const TARGETS = {
  'radius-auth': { process: 'radius-auth', restartedBy: 'pm2', maxBackMs: 2_000, watch: 'auth' },
  'radius-acct': { process: 'radius-acct', restartedBy: 'pm2', maxBackMs: 2_000, watch: 'acct' },
  worker: { process: 'worker', restartedBy: 'pm2', maxBackMs: 2_000, watch: 'acct' },
  api: { process: 'api', restartedBy: 'pm2', maxBackMs: 2_000, watch: 'acct' },
  postgres: { process: 'postgres', restartedBy: 'operator', maxBackMs: 2_000, watch: 'acct' },
  'redis-durable': { process: 'redis durable', restartedBy: 'operator', maxBackMs: 2_000, watch: 'acct' },
  'redis-cache': { process: 'redis cache', restartedBy: 'operator', maxBackMs: 2_000, watch: 'acct' },
} as const;
type TargetName = keyof typeof TARGETS;

const EVERY_S = 12;
const LOGINS_PER_SECOND = 200;
export const KILL_WHOLE = { TIMES: 20, RATE: 2_000, CUSTOMERS: 2_000 };
const STEPS = 12;
const FIRST_KILL_AFTER_MS = 3_000;
const GIVEN_UP_MS = 60_000;
const SPARE_SECONDS = 120;

/**
 * kill -9, again and again, under accounting. PM2 starts processes again. Nothing starts the embedded stores again but
 * `npm start`, so that is what happens here right after the kill, as an operator or a timer would.
 */
export async function kill(context: ChaosContext): Promise<Figure[]> {
  const { config } = context;
  const wanted = Object.keys(TARGETS).filter(isTarget);
  const targets = config.TARGET === undefined ? wanted : [parseTarget(config.TARGET)];
  return withOwnInstance(context, async (own) => {
    const target = await own.prepare({ customers: config.CUSTOMERS ?? KILL_WHOLE.CUSTOMERS });
    const figures: Figure[] = [];
    for (const name of targets) {
      const found = await killOne(context, own, target, name);
      figures.push(...found.map((figure) => ({ ...figure, name: `${name}: ${figure.name}` })));
    }
    return figures;
  });
}

function isTarget(name: string): name is TargetName {
  return Object.hasOwn(TARGETS, name);
}

function parseTarget(name: string): TargetName {
  if (isTarget(name)) return name;
  throw new UsageError(`--target is one of ${Object.keys(TARGETS).join(', ')}`);
}

async function killOne(
  context: ChaosContext,
  own: OwnInstance,
  target: RadiusTarget,
  name: TargetName,
): Promise<Figure[]> {
  const { config, say, signal } = context;
  const times = config.TIMES ?? KILL_WHOLE.TIMES;
  const everyMs = (config.EVERY ?? EVERY_S) * 1000;
  const perSecond = config.RATE ?? KILL_WHOLE.RATE;
  const turns = Math.ceil(perSecond * ((times * everyMs) / 1000 + SPARE_SECONDS));
  const run = runName();
  const active = target.customers.count;
  const traffic = await createTraffic({ target, run, active, steps: STEPS, turns, say, signal });
  const until = new AbortController();
  say(`${times} x kill -9 of ${name} under ${perSecond} accounting/s and ${LOGINS_PER_SECOND} logins/s`);
  const running = traffic.run({
    loginsPerSecond: LOGINS_PER_SECOND,
    accountingPerSecond: perSecond,
    durationMs: Infinity,
    until: until.signal,
  });
  const back = await killAgainAndAgain(context, own, traffic, { name, times, everyMs }).finally(() => until.abort());
  await running;
  const { maxBackMs } = TARGETS[name];
  const ledger = await settleLedger(context, own.instance.postgresUrl, traffic);
  return [
    { name: 'kills', value: back.length, unit: '', atLeast: times },
    { name: 'RADIUS answers new requests again, slowest', value: Math.max(...back), unit: 'ms', atMost: maxBackMs },
    { name: 'RADIUS answers new requests again, median', value: median(back), unit: 'ms' },
    ...traffic.figures(),
    ...ledger.figures,
  ];
}

/** How long after each kill a new request was answered, ms. */
async function killAgainAndAgain(
  context: ChaosContext,
  own: OwnInstance,
  traffic: Traffic,
  { name, times, everyMs }: { name: TargetName; times: number; everyMs: number },
): Promise<number[]> {
  const { say, signal } = context;
  const { process: processName, restartedBy, watch } = TARGETS[name];
  const watched = watch === 'auth' ? traffic.authWatch : traffic.acctWatch;
  const back: number[] = [];
  await delay(FIRST_KILL_AFTER_MS, undefined, { signal });
  for (let count = 1; count <= times; count += 1) {
    const pids = await runningPids(own, processName, signal);
    const killedMs = performance.now();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const restart = restartedBy === 'operator' ? own.up() : Promise.resolve();
    const again = await watched.answersAgain(killedMs, GIVEN_UP_MS, signal);
    await restart;
    const upMs = performance.now() - killedMs;
    back.push(again ?? GIVEN_UP_MS);
    const shown = again === undefined ? 'did not answer again' : `answers after ${Math.round(again)} ms`;
    const started = restartedBy === 'operator' ? `, store up after ${(upMs / 1000).toFixed(1)} s` : '';
    say(`  kill ${count} of ${times}: RADIUS ${shown}${started}`);
    if (again === undefined) break;
    if (count < times) await delay(Math.max(0, everyMs - (performance.now() - killedMs)), undefined, { signal });
  }
  return back;
}

/** The process may still be on its way up after the last kill. */
export async function runningPids(own: OwnInstance, name: string, signal: AbortSignal): Promise<number[]> {
  const endMs = performance.now() + GIVEN_UP_MS;
  for (;;) {
    const { processes, ...rest } = await own.status();
    const pids = pidsOf({ ...rest, processes: processes.filter(({ healthy }) => healthy) }, name);
    if (pids.length > 0) return pids;
    if (performance.now() > endMs) throw new Error(`${name} did not come back within ${GIVEN_UP_MS / 1000} s`);
    await delay(500, undefined, { signal });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
