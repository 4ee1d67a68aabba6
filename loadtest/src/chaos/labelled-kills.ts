import { setTimeout as delay } from 'node:timers/promises';
import type { CrashLabel } from '@turnpike/core/crash-points.js';
import type { DarajaControl } from '../purchases/daraja-control.js';
import type { Say } from '../radius/target.js';
import type { CrashDirectory } from './crash-directory.js';
import { runningPids } from './kill.js';
import { type Moment, nameOf, type PlannedKill } from './kill-plan.js';
import type { OwnInstance } from './own-instance.js';

/** Deaths by what was to die. */
export type Deaths = ReadonlyMap<string, number>;

interface LabelledKillsOptions {
  readonly plan: readonly PlannedKill[];
  /** From one kill to the next. */
  readonly everyMs: number;
  readonly own: OwnInstance;
  readonly crash: CrashDirectory;
  readonly control: Pick<DarajaControl, 'counts'>;
  readonly say: Say;
  readonly signal: AbortSignal;
}

const FIRST_AFTER_MS = 5_000;
/** A point that nobody passes for so long is tried again later: right now there may be nothing to do there. */
const PASSED_WITHIN_MS = 15_000;
const MOST_TRIES = 4;
/** How long a store stays away where something has to happen meanwhile. */
const AWAY_MS = 4_000;
const LOOK_EVERY_MS = 20;

/** Kills as planned, and again at the end what could not be killed in its turn; gives who died. */
export async function killAsPlanned(options: LabelledKillsOptions): Promise<Deaths> {
  const { plan, everyMs, say, signal } = options;
  const deaths = new Map<string, number>();
  const open = plan.map((kill) => ({ kill, tries: 0 }));
  await delay(FIRST_AFTER_MS, undefined, { signal });
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const startedMs = performance.now();
    const missed = await killOne(options, next.kill, (name) => {
      deaths.set(name, (deaths.get(name) ?? 0) + 1);
      say(`  killed: ${name}`);
    });
    const tries = next.tries + 1;
    for (const kill of missed) {
      say(
        `  not passed within ${PASSED_WITHIN_MS / 1_000} s: ${nameOf(kill)}${tries < MOST_TRIES ? '; once more later' : ''}`,
      );
      if (tries < MOST_TRIES) open.push({ kill, tries });
    }
    if (open.length > 0) await delay(Math.max(0, everyMs - (performance.now() - startedMs)), undefined, { signal });
  }
  return deaths;
}

/** Gives what has to be tried again. */
async function killOne(
  options: LabelledKillsOptions,
  kill: PlannedKill,
  died: (name: string) => void,
): Promise<PlannedKill[]> {
  if (kill.kind === 'store') return killStore(options, kill, died);
  const { crash, signal } = options;
  await crash.arm(kill.label);
  if (!(await crash.passed(kill.label, PASSED_WITHIN_MS, signal))) return [kill];
  died(kill.label);
  return [];
}

async function killStore(
  { own, crash, control, signal }: LabelledKillsOptions,
  kill: Extract<PlannedKill, { kind: 'store' }>,
  died: (name: string) => void,
): Promise<PlannedKill[]> {
  const { store, moment, meanwhile = [] } = kill;
  const pids = await runningPids(own, store, signal);
  if (!(await seen(control, moment, signal))) return [kill];
  for (const label of meanwhile) await crash.arm(label);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  died(nameOf(kill));
  if (meanwhile.length > 0) await delay(AWAY_MS, undefined, { signal });
  await own.up();
  const missed: CrashLabel[] = [];
  for (const label of meanwhile) {
    if (await crash.passed(label, PASSED_WITHIN_MS, signal)) died(label);
    else missed.push(label);
  }
  // Its points are passed only while it is away: it has to go once more.
  return missed.length === 0 ? [] : [{ ...kill, meanwhile: missed }];
}

/** Returns in the moment that it happens; false when it does not. */
async function seen(control: Pick<DarajaControl, 'counts'>, moment: Moment, signal: AbortSignal): Promise<boolean> {
  const count = async (): Promise<number> => {
    const { pushes, paid } = await control.counts();
    return moment === 'a phone paid' ? paid : pushes;
  };
  const endMs = performance.now() + PASSED_WITHIN_MS;
  const before = await count();
  while ((await count()) === before) {
    if (performance.now() > endMs) return false;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  return true;
}
