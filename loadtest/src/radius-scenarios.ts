import type { LoadtestConfig } from './config.js';
import type { Instance } from './instance.js';
import { checkLedger } from './ledger/ledger-check.js';
import { waitForDrain } from './ledger/drain-wait.js';
import { withLedger } from './ledger/open-ledger.js';
import type { LoginMethod } from './radius/access-packets.js';
import { runAccounting, type AccountingRun } from './radius/accounting-run.js';
import { measureCeiling } from './radius/ceiling.js';
import { runLogins, type LoginRun } from './radius/login-run.js';
import { requireCustomers } from './radius/require-customers.js';
import type { RadiusTarget, Say } from './radius/target.js';
import type { Figure } from './results.js';

const CEILING_SECONDS = 3;
export const RADIUS_WHOLE = { CUSTOMERS: 50_000, SECONDS: 60 };
const DEFAULT_WRONG_SHARE = 0.03;
const MAX_P99_MS = 40;
const MIN_ACCOUNTING = 10_000;

const LOGINS: Readonly<Record<LoginMethod, { label: string; atLeast: number; username: string }>> = {
  pap: { label: 'PAP', atLeast: 12_000, username: 'user%d' },
  chap: { label: 'CHAP', atLeast: 10_000, username: 'user%d' },
  // RouterOS uses MS-CHAPv2 for PPP, so these customers bought PPPoE.
  mschap: { label: 'MS-CHAPv2', atLeast: 5_000, username: 'ppp%d' },
};

/** The running system as a target, with the customers of `npm run loadtest:prepare`. */
export function targetOf(config: LoadtestConfig, instance: Instance, username: string): RadiusTarget {
  return {
    ...instance.radius,
    nasAddress: config.NAS_ADDRESS,
    secret: config.NAS_SECRET,
    customers: { username, password: 'pass%d', count: config.CUSTOMERS ?? RADIUS_WHOLE.CUSTOMERS },
  };
}

/** Against a bare echo: with this rate the generator is what is measured. */
export async function ceilingFigures(config: LoadtestConfig, say: Say, signal: AbortSignal): Promise<Figure[]> {
  const seconds = Math.min(config.SECONDS ?? CEILING_SECONDS, 10);
  say(`the generator alone, against a bare echo, for ${seconds} s`);
  const { NAS_ADDRESS: nasAddress, NAS_SECRET: secret, WINDOW: window } = config;
  const ceiling = await measureCeiling({ nasAddress, secret, window, seconds, signal });
  return [
    { name: "generator's own ceiling (bare echo, one MD5)", value: ceiling.perSecond, unit: '/s' },
    { name: "generator's own p99", value: ceiling.p99Ms, unit: 'ms' },
  ];
}

export async function radiusCeiling(config: LoadtestConfig, say: Say, signal: AbortSignal): Promise<Figure[]> {
  return ceilingFigures({ ...config, SECONDS: config.SECONDS ?? 10 }, say, signal);
}

export async function radiusLogins(
  config: LoadtestConfig,
  instance: Instance,
  method: LoginMethod,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const { label, atLeast, username } = LOGINS[method];
  const target = targetOf(config, instance, username);
  const seconds = config.SECONDS ?? RADIUS_WHOLE.SECONDS;
  await requireCustomers(target, method, signal);
  const ceiling = await ceilingFigures({ ...config, SECONDS: CEILING_SECONDS }, say, signal);
  const wrongShare = config.WRONG_SHARE ?? DEFAULT_WRONG_SHARE;
  const share = (wrongShare * 100).toFixed(1);
  say(
    `${label} for ${seconds} s, window ${config.WINDOW}, ${share} % wrong passwords, ${target.customers.count} customers`,
  );
  const run = await runLogins({ target, method, seconds, window: config.WINDOW, wrongShare, say, signal });
  return [...loginFigures(label, run, atLeast), ...ceiling];
}

export function loginFigures(label: string, run: LoginRun, atLeast?: number): Figure[] {
  const { right, wrong } = run;
  const bound = atLeast === undefined ? {} : { atLeast };
  return [
    { name: `${label} answers per second`, value: run.answersPerSecond, unit: '/s', ...bound },
    { name: 'latency p50', value: right.latencies.percentile(50), unit: 'ms' },
    { name: 'latency p99', value: right.latencies.percentile(99), unit: 'ms', atMost: MAX_P99_MS },
    { name: 'latency highest', value: right.latencies.maxMs, unit: 'ms' },
    { name: 'accepted', value: right.accepted, unit: '', atLeast: 1 },
    { name: 'wrong passwords rejected', value: wrong.rejected, unit: '' },
    { name: 'reject latency p50 (delayed on purpose)', value: wrong.latencies.percentile(50), unit: 'ms' },
    { name: 'wrong verdicts', value: right.wrongVerdicts + wrong.wrongVerdicts, unit: '', atMost: 0 },
    { name: 'answers not signed first', value: right.unsigned + wrong.unsigned, unit: '', atMost: 0 },
    { name: 'accepts without Class', value: right.withoutClass, unit: '', atMost: 0 },
    { name: 'retransmitted', value: run.retransmitted, unit: '', atMost: 0 },
    { name: 'lost', value: run.lost, unit: '', atMost: 0 },
    { name: 'answers to nothing, or not genuine', value: run.strays, unit: '', atMost: 0 },
  ];
}

/** Accounting at full speed, then the drain, then the comparison of what was acknowledged with the ledger. */
export async function radiusAccounting(
  config: LoadtestConfig,
  instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const target = targetOf(config, instance, LOGINS.pap.username);
  const seconds = config.SECONDS ?? RADIUS_WHOLE.SECONDS;
  await requireCustomers(target, 'pap', signal);
  const ceiling = await ceilingFigures({ ...config, SECONDS: CEILING_SECONDS }, say, signal);
  const run = await runAccounting({
    target,
    seconds,
    window: config.WINDOW,
    withClass: config.WITH_CLASS,
    run: runName(),
    say,
    signal,
  });
  const drained = await withLedger(instance.postgresUrl, async (ledger) => {
    say('waiting until the ledger has everything');
    const expected = run.book.ackedCount;
    const drain = await waitForDrain({ ledger, since: run.startedAt, expected, say, signal });
    const lag = drain.seconds;
    say('comparing every record and session with what was acknowledged');
    const check = await checkLedger({ ledger, plan: run.plan, book: run.book, since: run.startedAt });
    for (const example of check.examples) say(`  ${example}`);
    return [
      { name: 'drain, after the last packet', value: lag, unit: 's' },
      { name: 'drain, records per second', value: drain.perSecond, unit: '/s' },
      ...ledgerFigures(check),
    ];
  });
  return [...accountingFigures(run, MIN_ACCOUNTING), ...drained, ...ceiling];
}

/** Begins the session ids of a run: different for each, letters and digits. */
export function runName(): string {
  return Date.now().toString(36);
}

export function accountingFigures(run: AccountingRun, atLeast?: number): Figure[] {
  const bound = atLeast === undefined ? {} : { atLeast };
  return [
    { name: 'accounting answers per second', value: run.answersPerSecond, unit: '/s', ...bound },
    { name: 'latency p50', value: run.latencies.percentile(50), unit: 'ms' },
    { name: 'latency p99', value: run.latencies.percentile(99), unit: 'ms', atMost: MAX_P99_MS },
    { name: 'latency highest', value: run.latencies.maxMs, unit: 'ms' },
    { name: 'acknowledged', value: run.book.ackedCount, unit: '', atLeast: 1 },
    { name: 'wrong answers', value: run.wrongAnswers, unit: '', atMost: 0 },
    { name: 'retransmitted', value: run.retransmitted, unit: '', atMost: 0 },
    { name: 'lost', value: run.lost, unit: '', atMost: 0 },
    { name: 'answers to nothing, or not genuine', value: run.strays, unit: '', atMost: 0 },
  ];
}

/** What no run may break: the ledger is what was acknowledged, once each. */
export function ledgerFigures(check: Awaited<ReturnType<typeof checkLedger>>): Figure[] {
  const none = { unit: '', atMost: 0 };
  return [
    { name: 'records in the ledger', value: check.records, unit: '' },
    { name: 'acknowledged but not in the ledger', value: check.missing, ...none },
    { name: 'in the ledger twice', value: check.doubled, ...none },
    { name: 'in the ledger with other contents', value: check.altered, ...none },
    { name: 'in the ledger but never sent', value: check.invented, ...none },
    { name: 'in the ledger but not merged', value: check.unmerged, ...none },
    { name: 'sessions', value: check.sessions, unit: '' },
    { name: 'sessions with wrong time, bytes or state', value: check.wrongSessions, ...none },
    { name: 'entitlements billed wrongly', value: check.wrongUsages, ...none },
  ];
}
