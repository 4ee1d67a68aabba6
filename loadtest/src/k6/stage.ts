import { availableParallelism } from 'node:os';
import { withOwnInstance, type OwnInstance } from '../chaos/own-instance.js';
import type { LoadtestConfig } from '../config.js';
import { withLedger } from '../ledger/open-ledger.js';
import { createAskMaker, type Loaded } from '../lists/ask-maker.js';
import { loadBulk } from '../lists/bulk-load.js';
import type { Sizes } from '../lists/bulk-rows.js';
import { idsOf, makeTerms } from '../lists/loaded-ids.js';
import type { Say } from '../radius/target.js';
import { findK6 } from './find-k6.js';
import { runK6, type K6Run } from './run-k6.js';

export interface StageOptions {
  readonly config: LoadtestConfig;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** Further variables for `npm start`. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is in the database before. Default: a small town's network. */
  readonly sizes?: Sizes;
}

/** An instance of our own with a network in it, and k6 to ask it with. */
export interface Stage {
  readonly config: LoadtestConfig;
  readonly own: OwnInstance;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** What scripts get as `data`. */
  readonly data: StageData;
  /** Runs one script of loadtest/k6; `data` is added to what it gets. */
  run(script: string, env: Readonly<Record<string, string | number>>, data?: object): Promise<K6Run>;
}

export interface StageData {
  readonly apiUrl: string;
  readonly portalUrl: string;
  readonly token: string;
  readonly packageIds: readonly string[];
  readonly routerIds: readonly string[];
  readonly customerIds: readonly string[];
  readonly paymentIds: readonly string[];
  /** Places within the year. */
  readonly sessionCursors: readonly string[];
  readonly usernames: readonly string[];
  /** Where phones come from, as X-Forwarded-For says. */
  readonly addresses: readonly string[];
}

const SIZES: Sizes = { customers: 20_000, sessions: 100_000, payments: 20_000 };
/** So many ids of each are asked for in turn: more than is in any cache of the database's own pages would not change much. */
const MOST_LISTED = 20;
const ADDRESSES = 512;
const PLACES = 97;
const PROXY = '127.0.0.1';

/** Starts it, works with it and removes it with everything in it, also on Ctrl-C. `--keep` leaves it for a look. */
export async function withStage<Result>(
  options: StageOptions,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const { config, say, signal, sizes = SIZES } = options;
  const k6 = await findK6(config, say);
  // k6 speaks for phones with addresses of their own, as a proxy would.
  const processes = config.PROCESSES ?? availableParallelism();
  const env = { TRUST_PROXY: PROXY, API_INSTANCES: String(processes), ...options.env };
  return withOwnInstance({ config, say, signal, env }, async (own) => {
    const { instance } = own;
    const many = (count: number): string => count.toLocaleString('en');
    say(`loading ${many(sizes.customers)} customers with ${many(sizes.sessions)} sessions and their payments`);
    const voucherCode = await makeTerms(instance);
    const { at } = await loadBulk(instance.postgresUrl, sizes, () => undefined, signal);
    const loaded = await withLedger(instance.postgresUrl, (ledger) => idsOf(ledger, { at, sizes, voucherCode }));
    const data = dataOf(instance, loaded);
    return work({
      config,
      own,
      say,
      signal,
      data,
      run: (script, given, more = {}) =>
        runK6({
          config,
          k6,
          script,
          data: { ...data, ...more },
          env: { RUN: Date.now().toString(36), ...textOf(given) },
          say,
          signal,
        }),
    });
  });
}

function textOf(values: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function dataOf({ apiUrl, apiToken: token }: OwnInstance['instance'], loaded: Loaded): StageData {
  const { place } = createAskMaker(loaded);
  return {
    apiUrl,
    portalUrl: `${new URL(apiUrl).origin}/portal/`,
    token,
    packageIds: loaded.packageIds.slice(0, MOST_LISTED),
    routerIds: loaded.routerIds.slice(0, MOST_LISTED),
    customerIds: loaded.customerIds,
    paymentIds: loaded.paymentIds,
    sessionCursors: Array.from({ length: PLACES }, (_, share) => {
      const { at, id } = place(() => share);
      return encodeURIComponent(`${at}~${id}`);
    }),
    usernames: loaded.customerIds.map((_id, index) => `load${1 + ((index * 2_654_435) % loaded.sizes.customers)}`),
    addresses: Array.from({ length: ADDRESSES }, (_, index) => `10.${77 + (index >> 8)}.${index & 0xff}.9`),
  };
}
