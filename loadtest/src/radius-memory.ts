import { setTimeout as delay } from 'node:timers/promises';
import type { LoadtestConfig } from './config.js';
import type { Instance } from './instance.js';
import { checkLedger } from './ledger/ledger-check.js';
import { waitForDrain } from './ledger/drain-wait.js';
import { withLedger } from './ledger/open-ledger.js';
import { residentMiB } from './process-memory.js';
import { ledgerFigures, runName, targetOf } from './radius-scenarios.js';
import { requireCustomers } from './radius/require-customers.js';
import { createTraffic, type Traffic } from './radius/traffic.js';
import type { Say } from './radius/target.js';
import type { Figure } from './results.js';
import { pidsOf, readStatus } from './turnpike-cli.js';

export const MEMORY_WHOLE = { CUSTOMERS: 100_000, MINUTES: 30 };
const STEPS = 64;
const LOGINS_PER_SECOND = 500;
const ACCOUNTING_PER_SECOND = 1_000;
const SAMPLE_MS = 5_000;
const MAX_MIB = 300;
const MAX_GROWTH_PERCENT = 5;
const ROLES = ['radius-auth', 'radius-acct'] as const;

interface Sample {
  readonly atMs: number;
  readonly mib: number;
}

/** 100,000 customers with 100,000 open sessions under steady load: what the RADIUS processes hold, and whether that grows. */
export async function radiusMemory(
  config: LoadtestConfig,
  instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const target = targetOf({ ...config, CUSTOMERS: config.CUSTOMERS ?? MEMORY_WHOLE.CUSTOMERS }, instance, 'user%d');
  const durationMs = (config.MINUTES ?? MEMORY_WHOLE.MINUTES) * 60_000;
  const perSecond = config.RATE ?? ACCOUNTING_PER_SECOND;
  await requireCustomers(target, 'pap', signal);
  const customers = target.customers.count;
  const turns = customers + Math.ceil((durationMs / 1000) * perSecond);
  const traffic = await createTraffic({ target, run: runName(), active: customers, steps: STEPS, turns, say, signal });
  say(`opening ${customers.toLocaleString('en')} sessions`);
  await traffic.openSessions();
  const open = await withLedger(instance.postgresUrl, (ledger) =>
    waitForDrain({ ledger, since: traffic.startedAt, expected: traffic.book.ackedCount, say, signal }),
  );
  const shown = `${LOGINS_PER_SECOND} logins/s and ${perSecond} accounting/s`;
  say(`${open.merged.toLocaleString('en')} sessions open; ${shown} for ${durationMs / 60_000} minutes`);
  const samples = await sampleWhile(config, say, signal, () =>
    traffic.run({ loginsPerSecond: LOGINS_PER_SECOND, accountingPerSecond: perSecond, durationMs }),
  );
  return [
    ...ROLES.flatMap((role) => memoryFigures(role, samples[role])),
    ...(await trafficFigures(instance, traffic, say, signal)),
  ];
}

async function trafficFigures(instance: Instance, traffic: Traffic, say: Say, signal: AbortSignal): Promise<Figure[]> {
  const { book, plan, startedAt } = traffic;
  return withLedger(instance.postgresUrl, async (ledger) => {
    await waitForDrain({ ledger, since: startedAt, expected: book.ackedCount, say, signal });
    const check = await checkLedger({ ledger, plan, book, since: startedAt });
    for (const example of check.examples) say(`  ${example}`);
    return [...traffic.figures(), ...ledgerFigures(check)];
  });
}

/** Samples both roles until `work` is done. */
async function sampleWhile(
  config: LoadtestConfig,
  say: Say,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<Record<(typeof ROLES)[number], Sample[]>> {
  const env = { TURNPIKE_DATA: config.dataDir };
  const status = await readStatus(config, env);
  const samples: Record<(typeof ROLES)[number], Sample[]> = { 'radius-auth': [], 'radius-acct': [] };
  let over = false;
  const working = work().finally(() => (over = true));
  const startedMs = performance.now();
  while (!over && !signal.aborted) {
    const atMs = performance.now() - startedMs;
    for (const role of ROLES) {
      const pids = pidsOf(status, role);
      samples[role].push({ atMs, mib: (await residentMiB(pids)) / Math.max(1, pids.length) });
    }
    if (samples['radius-auth'].length % 12 === 1) {
      const text = ROLES.map((role) => `${role} ${samples[role].at(-1)?.mib.toFixed(0)} MiB`).join(', ');
      say(`  ${String(Math.round(atMs / 1000)).padStart(5)} s  ${text}`);
    }
    await Promise.race([delay(SAMPLE_MS), working]);
  }
  await working;
  return samples;
}

/** Growth: the median of the last third against that of the second, as the first third is for warming up. */
function memoryFigures(role: string, samples: readonly Sample[]): Figure[] {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const middle = median(samples.slice(third, third * 2));
  const last = median(samples.slice(-third));
  const highest = Math.max(0, ...samples.map((sample) => sample.mib));
  const growth = middle === 0 ? 0 : Math.max(0, (last / middle - 1) * 100);
  return [
    { name: `${role}: highest RSS`, value: highest, unit: 'MiB', atMost: MAX_MIB, atLeast: 1 },
    { name: `${role}: growth after the warm-up`, value: growth, unit: '%', atMost: MAX_GROWTH_PERCENT },
  ];
}

function median(samples: readonly Sample[]): number {
  const sorted = samples.map((sample) => sample.mib).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
