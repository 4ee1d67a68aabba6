import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { salesGroupings } from '@turnpike/contracts/reports.js';
import { z } from 'zod';
import { withOwnInstance } from '../chaos/own-instance.js';
import type { LoadtestConfig } from '../config.js';
import type { Instance } from '../instance.js';
import { withLedger } from '../ledger/open-ledger.js';
import { percentile } from '../purchases/percentile.js';
import type { Say } from '../radius/target.js';
import { NotPossibleHere } from '../refusals.js';
import type { Figure } from '../results.js';
import { loadBulk } from './bulk-load.js';
import type { Sizes } from './bulk-rows.js';
import { askOnce, pathsOf } from './ask-once.js';
import { countPages } from './count-pages.js';
import type { Ask, Loaded } from './ask-maker.js';
import { asksOf } from './list-asks.js';
import { DAYS } from './lists-ids.js';
import { idsOf, makeTerms } from './loaded-ids.js';

export const LISTS_WHOLE = { CUSTOMERS: 1_000_000, SESSIONS: 10_000_000, PAYMENTS: 1_000_000, SCALE: 1 };
const MAX_P95_MS = 300;
const TIMES = 30;
/** Operators who look at the same time. */
const AT_ONCE = 4;
const FIGURES_WITHIN_MS = 900_000;
const POLL_MS = 2_000;
const LOADED_WITHIN_SECONDS = 720;
const GIB = 2 ** 30;

/** Loads an instance of its own with what a large network has after a year, and asks every list over HTTP. */
export async function lists(
  config: LoadtestConfig,
  _instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const sizes = sizesOf(config);
  await requireRoom(sizes);
  return withOwnInstance({ config, say, signal }, async ({ instance }) => {
    const voucherCode = await makeTerms(instance);
    const many = (count: number): string => count.toLocaleString('en');
    say(
      `loading ${many(sizes.customers)} customers, ${many(sizes.sessions)} sessions, ${many(sizes.payments)} payments`,
    );
    const startedMs = performance.now();
    const { at, databaseBytes } = await loadBulk(instance.postgresUrl, sizes, say, signal);
    const loadSeconds = (performance.now() - startedMs) / 1_000;
    const databaseGiB = databaseBytes / GIB;
    say(`loaded in ${loadSeconds.toFixed(0)} s: the database has ${databaseGiB.toFixed(2)} GiB`);
    const loaded = await withLedger(instance.postgresUrl, (ledger) => idsOf(ledger, { at, sizes, voucherCode }));
    const asks = asksOf(loaded);
    const { figures, slowest } = await askAll(instance, asks, config.TIMES ?? TIMES, say, signal);
    const pages = await countPages({ instance, asks, figures, slowest, say, signal });
    const kept = await untilFiguresAreKept(instance, say, signal);
    return [
      { name: 'rows loaded in', value: loadSeconds, unit: 's', atMost: LOADED_WITHIN_SECONDS },
      { name: 'database after loading', value: databaseGiB, unit: 'GiB' },
      ...figures,
      ...pages,
      { name: 'figures of all days kept by the worker after', value: kept, unit: 's' },
      ...(await askAll(instance, [...GRAPHS, ...reportsOfAYear(loaded)], 3, say, signal)).figures,
    ];
  });
}

/** Each is cached for half a minute: what is measured is the first of three. */
const GRAPHS: readonly Ask[] = ['7', '30', '365'].map((days) => {
  const endpoint = '/dashboard/series';
  return { endpoint, name: `${endpoint} days=${days}`, path: () => `${endpoint}?days=${days}` };
});

const MAX_REPORT_MS = 1_000;

/** Cached for a minute: the slowest is one that was made. */
function reportsOfAYear({ at }: Loaded): Ask[] {
  const dayOf = (days: number): string => new Date(at.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const range = `from=${dayOf(-DAYS)}&to=${dayOf(1)}`;
  const sales = salesGroupings.map((by) => ({ endpoint: '/reports/sales', query: `by=${by}` }));
  return [...sales, { endpoint: '/reports/tax', query: '' }].map(({ endpoint, query }) => ({
    endpoint,
    name: `${endpoint} of a year ${query}`.trimEnd(),
    path: () => `${endpoint}?${range}&${query}`,
    maxMs: MAX_REPORT_MS,
  }));
}

export function sizesOf({ CUSTOMERS, SESSIONS, PAYMENTS, SCALE = 1 }: LoadtestConfig): Sizes {
  const scaled = (many: number): number => Math.max(1_000, Math.round(many * SCALE));
  return {
    customers: CUSTOMERS ?? scaled(LISTS_WHOLE.CUSTOMERS),
    sessions: SESSIONS ?? scaled(LISTS_WHOLE.SESSIONS),
    payments: PAYMENTS ?? scaled(LISTS_WHOLE.PAYMENTS),
  };
}

/** Measured at full size, with what the server needs meanwhile to sort; the rest grows with the sessions. */
const BYTES_A_SESSION = 1_600;
const LEAST_BYTES = 2 * GIB;

async function requireRoom({ sessions }: Sizes): Promise<void> {
  const needed = LEAST_BYTES + sessions * BYTES_A_SESSION;
  const { bavail, bsize } = await statfs(tmpdir());
  const free = bavail * bsize;
  if (free >= needed) return;
  const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
  throw new NotPossibleHere(
    `this needs ${gib(needed)} in ${tmpdir()}, which has ${gib(free)}: make room, set TMPDIR or take a smaller --scale`,
  );
}

interface Asked {
  readonly figures: Figure[];
  /** Of each list the path that took longest, by the list's name. */
  readonly slowest: ReadonlyMap<string, string>;
}

async function askAll(
  instance: Instance,
  asks: readonly Ask[],
  times: number,
  say: Say,
  signal: AbortSignal,
): Promise<Asked> {
  say(`asking ${asks.length} lists, ${times} times each, ${AT_ONCE} at once`);
  const figures: Figure[] = [];
  const slowest = new Map<string, string>();
  let wrong = 0;
  for (const ask of asks) {
    const took: number[] = [];
    const paths = pathsOf(ask, times, figures.length);
    const lane = async (): Promise<void> => {
      for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
        const startedMs = performance.now();
        const fine = await askOnce(instance, path, signal);
        const ms = performance.now() - startedMs;
        if (took.every((other) => other < ms)) slowest.set(ask.name, path);
        took.push(ms);
        if (fine !== undefined) {
          wrong += 1;
          say(`  ${path}: ${fine}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    figures.push({ name: ask.name, value: percentile(took, 95), unit: 'ms', atMost: ask.maxMs ?? MAX_P95_MS });
  }
  const refused = { name: `answers other than 200 (${asks.length} lists)`, value: wrong, unit: '', atMost: 0 };
  return { figures: [...figures, refused], slowest };
}

const keptDays = z.array(z.object({ fresh: z.boolean().nullable() }));

/** The worker counts the days that are over by itself; gives the seconds it took from now. */
async function untilFiguresAreKept(instance: Instance, say: Say, signal: AbortSignal): Promise<number> {
  say('waiting for the worker to keep the figures of all days (it looks every 5 minutes)');
  const startedMs = performance.now();
  return withLedger(instance.postgresUrl, async (ledger) => {
    for (;;) {
      const { rows } = await ledger.query(
        `SELECT (SELECT max(day) FROM daily_usage) >= current_date - 2
           AND (SELECT max(day) FROM sold_day) >= current_date - 2 AS fresh`,
        [],
      );
      const seconds = (performance.now() - startedMs) / 1_000;
      if (keptDays.parse(rows)[0]?.fresh === true) return seconds;
      if (seconds * 1_000 > FIGURES_WITHIN_MS) throw new Error('the worker has not kept the figures of the days');
      await delay(POLL_MS, undefined, { signal });
    }
  });
}
