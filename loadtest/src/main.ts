import { runBaseline } from './baseline.js';
import { readConfig, UsageError, type LoadtestConfig } from './config.js';
import { readInstance, type Instance } from './instance.js';
import { findK6, runMixed } from './k6.js';
import { radiusMemory } from './radius-memory.js';
import { radiusVersus } from './radius-versus.js';
import { radiusAccounting, radiusCeiling, radiusLogins } from './radius-scenarios.js';
import { NotPrepared } from './radius/require-customers.js';
import type { Say } from './radius/target.js';
import { report, type Figure } from './results.js';
import { untilSignal } from './until-signal.js';

type Scenario = (
  config: LoadtestConfig,
  instance: Instance,
  say: Say,
  signal: AbortSignal,
) => Promise<Figure[] | undefined>;

const scenarios: Readonly<Record<string, Scenario>> = {
  baseline: runBaseline,
  mixed: async (config, instance, say) => {
    const k6 = await findK6(config, say);
    if (k6 !== undefined) return runMixed(k6, config, instance);
    say('not run: k6 is not on PATH and there is no Go to build it with; install either and try again');
    return undefined;
  },
  'radius-ceiling': (config, _instance, say, signal) => radiusCeiling(config, say, signal),
  'radius-pap': (config, instance, say, signal) => radiusLogins(config, instance, 'pap', say, signal),
  'radius-chap': (config, instance, say, signal) => radiusLogins(config, instance, 'chap', say, signal),
  'radius-mschap': (config, instance, say, signal) => radiusLogins(config, instance, 'mschap', say, signal),
  'radius-acct': radiusAccounting,
  'radius-versus': radiusVersus,
  'radius-memory': radiusMemory,
};

async function main(name = '', ...args: readonly string[]): Promise<number> {
  const scenario = scenarios[name];
  if (scenario === undefined) {
    process.stderr.write(`usage: npm run loadtest -- ${Object.keys(scenarios).join(' | ')}\n`);
    return 2;
  }
  const config = readConfig(args);
  const instance = await readInstance(config.dataDir);
  const say: Say = (line) => process.stdout.write(`${line}\n`);
  const figures = await untilSignal((signal) => scenario(config, instance, say, signal));
  if (figures === undefined) return 0;
  const command = ['npm run loadtest --', name, ...args].join(' ');
  return (await report(config.root, name, command, figures)) ? 0 : 1;
}

try {
  process.exitCode = await main(...process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError || error instanceof NotPrepared) process.stderr.write(`${error.message}\n`);
  else if (error instanceof Error && error.name === 'AbortError') process.stderr.write('stopped\n');
  else throw error;
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
