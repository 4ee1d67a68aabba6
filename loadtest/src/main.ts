import { runBaseline } from './baseline.js';
import { isWhole, readConfig, type LoadtestConfig, type Scale } from './config.js';
import { readInstance, type Instance } from './instance.js';
import { k6Scenarios } from './k6/scenarios.js';
import type { Outcome } from './outcome.js';
import { MEMORY_WHOLE, radiusMemory } from './radius-memory.js';
import { radiusVersus, VERSUS_WHOLE } from './radius-versus.js';
import { purchases, PURCHASES_WHOLE } from './purchases/purchases.js';
import { RADIUS_WHOLE, radiusAccounting, radiusCeiling, radiusLogins } from './radius-scenarios.js';
import { consoles, CONSOLES_WHOLE } from './consoles/consoles.js';
import { writeCapacityPage } from './costs/capacity-page.js';
import { costs, COSTS_WHOLE } from './costs/costs.js';
import { lists, LISTS_WHOLE } from './lists/lists.js';
import type { LoginMethod } from './radius/access-packets.js';
import type { Say } from './radius/target.js';
import { explainEnd } from './refusals.js';
import { writeReport } from './report/write-report.js';
import { report, type Figure } from './results.js';
import { scaling, SCALING_WHOLE } from './scaling/scaling.js';
import { untilSignal } from './until-signal.js';
import { cachedList, CACHED_LIST_WHOLE } from './versus-php/cached-list.js';
import { vouchers, VOUCHERS_WHOLE } from './vouchers.js';

type Run = (
  config: LoadtestConfig,
  instance: Instance,
  say: Say,
  signal: AbortSignal,
) => Promise<readonly Figure[] | Outcome | undefined>;

interface Scenario {
  readonly run: Run;
  /** Works without a running system. */
  readonly alone?: true;
  /** Runs of less are shown but not kept. */
  readonly whole?: Scale;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  baseline: { run: runBaseline },
  ...Object.fromEntries(
    Object.entries(k6Scenarios).map(([name, { scenario, whole }]): [string, Scenario] => [
      name,
      { alone: true, run: (config, _instance, say, signal) => scenario(config, say, signal), whole },
    ]),
  ),
  'radius-ceiling': { alone: true, run: (config, _instance, say, signal) => radiusCeiling(config, say, signal) },
  'radius-pap': { whole: RADIUS_WHOLE, run: logins('pap') },
  'radius-chap': { whole: RADIUS_WHOLE, run: logins('chap') },
  'radius-mschap': { whole: RADIUS_WHOLE, run: logins('mschap') },
  'radius-acct': { whole: RADIUS_WHOLE, run: radiusAccounting },
  'radius-versus': { whole: VERSUS_WHOLE, run: radiusVersus },
  'cached-list': { alone: true, run: cachedList, whole: CACHED_LIST_WHOLE },
  costs: { alone: true, run: costs, whole: COSTS_WHOLE },
  scaling: { alone: true, run: scaling, whole: SCALING_WHOLE },
  purchases: { run: purchases, whole: PURCHASES_WHOLE },
  vouchers: { run: vouchers, whole: VOUCHERS_WHOLE },
  consoles: { alone: true, run: consoles, whole: CONSOLES_WHOLE },
  lists: { alone: true, run: lists, whole: LISTS_WHOLE },
  'radius-memory': { whole: MEMORY_WHOLE, run: radiusMemory },
  'capacity-page': {
    alone: true,
    run: async ({ root }, _instance, say) => {
      say(`${await writeCapacityPage(root)}: made from the results`);
      return undefined;
    },
  },
  report: {
    alone: true,
    run: async ({ root }, _instance, say) => {
      say(`${await writeReport(root)}: open it in a browser`);
      return undefined;
    },
  },
};

const NO_INSTANCE: Instance = {
  apiUrl: '',
  apiToken: '',
  postgresUrl: '',
  radius: { host: '', authPort: 0, acctPort: 0 },
};

function logins(method: LoginMethod): Run {
  return (config, instance, say, signal) => radiusLogins(config, instance, method, say, signal);
}

async function main(name = '', ...args: readonly string[]): Promise<number> {
  const scenario = scenarios[name];
  if (scenario === undefined) {
    process.stderr.write(`usage: npm run loadtest -- ${Object.keys(scenarios).join(' | ')}\n`);
    return 2;
  }
  const config = readConfig(args);
  const instance = scenario.alone === true ? NO_INSTANCE : await readInstance(config.dataDir);
  const say: Say = (line) => process.stdout.write(`${line}\n`);
  const found = await untilSignal((signal) => scenario.run(config, instance, say, signal));
  if (found === undefined) return 0;
  const { figures, ...more }: Outcome = 'figures' in found ? found : { figures: found };
  const command = ['npm run loadtest --', name, ...args].join(' ');
  const whole = isWhole(config, scenario.whole ?? {});
  return (await report(config.root, name, command, figures, { isWhole: whole, ...more })) ? 0 : 1;
}

try {
  process.exitCode = await main(...process.argv.slice(2));
} catch (error) {
  const { text, status } = explainEnd(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = status;
}
