import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LoadtestConfig } from './config.js';
import { withFreeradiusDatabase } from './freeradius/freeradius-database.js';
import { FreeradiusUnavailable, getFreeradius, type Freeradius } from './freeradius/get.js';
import { SQL_SITE, SQL_SITE_MODULES, sqlModule, startFreeradius } from './freeradius/start.js';
import type { Instance } from './instance.js';
import { waitForDrain } from './ledger/drain-wait.js';
import { withLedger } from './ledger/open-ledger.js';
import { median } from './median.js';
import { ceilingFigures, runName, targetOf } from './radius-scenarios.js';
import { runAccounting } from './radius/accounting-run.js';
import { runLogins } from './radius/login-run.js';
import { requireCustomers } from './radius/require-customers.js';
import type { RadiusTarget, Say } from './radius/target.js';
import { NotPossibleHere } from './refusals.js';
import type { Figure } from './results.js';

const THREADS = 32;
export const VERSUS_WHOLE = { CUSTOMERS: 50_000, SECONDS: 20, ROUNDS: 3 };
const MIN_RATIO = 3;

type Kind = 'PAP' | 'accounting';

/** One turn of one service. */
interface Turn {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Wrong verdicts, requests lost, requests sent again. */
  readonly faults: number;
}

interface Context {
  readonly config: LoadtestConfig;
  readonly instance: Instance;
  readonly say: Say;
  readonly signal: AbortSignal;
  readonly seconds: number;
}

/**
 * Turnpike and FreeRADIUS in turns, on the same PostgreSQL, asked by the same generator for the same customers.
 * FreeRADIUS: Debian's, stock queries and schema, 32 threads and connections, no reject delay, no log of logins
 * (post-auth), no detail file: as fast as it goes.
 */
export async function radiusVersus(
  config: LoadtestConfig,
  instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const context = { config, instance, say, signal, seconds: config.SECONDS ?? VERSUS_WHOLE.SECONDS };
  const ours = targetOf(config, instance, 'user%d');
  await requireCustomers(ours, 'pap', signal);
  const directory = await mkdtemp(path.join(tmpdir(), 'turnpike-versus-'));
  try {
    const freeradius = await getFreeradius(directory).catch((error: unknown) => {
      throw error instanceof FreeradiusUnavailable ? new NotPossibleHere(error.message, { cause: error }) : error;
    });
    say(`FreeRADIUS ${freeradius.version}: filling its tables with ${ours.customers.count} customers`);
    const schema = { postgresUrl: instance.postgresUrl, schemaFile: freeradius.postgresSchema };
    const turns = await withFreeradiusDatabase({ ...schema, customers: ours.customers }, (database) =>
      withFreeradius(context, { freeradius, directory, database }, (theirs) => takeTurns(context, ours, theirs)),
    );
    return [...turns, ...(await ceilingFigures({ ...config, SECONDS: 3 }, say, signal))];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function withFreeradius<Result>(
  { config, instance }: Context,
  place: { readonly freeradius: Freeradius; readonly directory: string; readonly database: string },
  work: (target: RadiusTarget) => Promise<Result>,
): Promise<Result> {
  const { freeradius, directory, database } = place;
  const { hostname, port, username, password } = new URL(instance.postgresUrl);
  const sql = sqlModule({
    freeradius,
    host: hostname,
    port: Number(port),
    user: username,
    password,
    database,
    connections: THREADS,
  });
  const running = await startFreeradius({
    freeradius,
    directory,
    secret: config.NAS_SECRET,
    modules: [...SQL_SITE_MODULES, sql],
    site: SQL_SITE,
    threads: THREADS,
  });
  try {
    const { host, authPort, acctPort } = running;
    return await work({ ...targetOf(config, instance, 'user%d'), host, authPort, acctPort });
  } finally {
    await running.stop();
  }
}

async function takeTurns(context: Context, ours: RadiusTarget, theirs: RadiusTarget): Promise<Figure[]> {
  const turns: Record<Kind, { ours: Turn[]; theirs: Turn[] }> = {
    PAP: { ours: [], theirs: [] },
    accounting: { ours: [], theirs: [] },
  };
  const { config, say } = context;
  const rounds = config.ROUNDS ?? VERSUS_WHOLE.ROUNDS;
  for (let round = 1; round <= rounds; round += 1) {
    for (const kind of ['PAP', 'accounting'] as const) {
      // Who begins changes, so that neither always runs on the warmer machine.
      const order = round % 2 === 1 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
      for (const who of order) {
        say(`round ${round} of ${rounds}, ${kind}: ${who === 'ours' ? 'Turnpike' : 'FreeRADIUS'}`);
        const target = who === 'ours' ? ours : theirs;
        const turn = kind === 'PAP' ? await logins(context, target) : await accounting(context, target, who);
        say(`  ${Math.round(turn.perSecond).toLocaleString('en')}/s, p99 ${turn.p99Ms.toFixed(1)} ms`);
        turns[kind][who].push(turn);
      }
    }
  }
  return (['PAP', 'accounting'] as const).flatMap((kind) => comparison(kind, turns[kind].ours, turns[kind].theirs));
}

async function logins({ config, seconds, signal }: Context, target: RadiusTarget): Promise<Turn> {
  const wrongShare = config.WRONG_SHARE ?? 0.03;
  const options = { target, seconds, window: config.WINDOW, wrongShare, say: () => undefined, signal };
  const run = await runLogins({ ...options, method: 'pap' });
  const faults = run.right.wrongVerdicts + run.wrong.wrongVerdicts + run.lost + run.retransmitted;
  return { perSecond: run.answersPerSecond, p99Ms: run.right.latencies.percentile(99), faults };
}

/** Ours sends the Class of its Accept along; FreeRADIUS gives none. Our turn ends when the ledger has everything. */
async function accounting(context: Context, target: RadiusTarget, who: 'ours' | 'theirs'): Promise<Turn> {
  const { config, instance, seconds, signal, say } = context;
  const options = { target, seconds, window: config.WINDOW, run: runName(), say: () => undefined, signal };
  const run = await runAccounting({ ...options, withClass: who === 'ours' && config.WITH_CLASS });
  if (who === 'ours') {
    const expected = run.book.ackedCount;
    await withLedger(instance.postgresUrl, (ledger) =>
      waitForDrain({ ledger, since: run.startedAt, expected, say, signal }),
    );
  }
  const faults = run.wrongAnswers + run.lost + run.retransmitted;
  return { perSecond: run.answersPerSecond, p99Ms: run.latencies.percentile(99), faults };
}

function comparison(kind: Kind, ours: readonly Turn[], theirs: readonly Turn[]): Figure[] {
  const rate = (turns: readonly Turn[]): number => median(turns.map((turn) => turn.perSecond));
  const p99 = (turns: readonly Turn[]): number => median(turns.map((turn) => turn.p99Ms));
  const faults = (turns: readonly Turn[]): number => turns.reduce((sum, turn) => sum + turn.faults, 0);
  return [
    { name: `${kind}: Turnpike, median of rounds`, value: rate(ours), unit: '/s' },
    { name: `${kind}: FreeRADIUS, median of rounds`, value: rate(theirs), unit: '/s' },
    { name: `${kind}: Turnpike is faster by`, value: rate(ours) / rate(theirs), unit: 'x', atLeast: MIN_RATIO },
    { name: `${kind}: Turnpike p99`, value: p99(ours), unit: 'ms' },
    { name: `${kind}: FreeRADIUS p99`, value: p99(theirs), unit: 'ms' },
    { name: `${kind}: Turnpike wrong, lost or sent again`, value: faults(ours), unit: '', atMost: 0 },
    { name: `${kind}: FreeRADIUS wrong, lost or sent again`, value: faults(theirs), unit: '' },
  ];
}
