import { runBaseline } from './baseline.js';
import { readConfig, type LoadtestConfig } from './config.js';
import { readInstance, type Instance } from './instance.js';
import { findK6, runMixed } from './k6.js';
import { runRadiusLoad } from './radius-load.js';
import { report, type Figure } from './results.js';

type Say = (line: string) => void;
type Scenario = (config: LoadtestConfig, instance: Instance, say: Say) => Promise<Figure[] | undefined>;

const scenarios: Readonly<Record<string, Scenario>> = {
  baseline: runBaseline,
  mixed: async (config, instance, say) => {
    const k6 = await findK6(config, say);
    if (k6 !== undefined) return runMixed(k6, config, instance);
    say('not run: k6 is not on PATH and there is no Go to build it with; install either and try again');
    return undefined;
  },
  'radius-pap': (config, instance, say) => radius(config, instance, say, 'pap'),
  'radius-chap': (config, instance, say) => radius(config, instance, say, 'chap'),
};

async function radius(config: LoadtestConfig, instance: Instance, say: Say, method: 'pap' | 'chap'): Promise<Figure[]> {
  const result = await runRadiusLoad({
    host: instance.radius.host,
    authPort: instance.radius.authPort,
    nasAddress: config.NAS_ADDRESS,
    nasSecret: config.NAS_SECRET,
    method,
    username: 'user%d',
    password: 'pass%d',
    customers: config.CUSTOMERS,
    window: config.WINDOW,
    seconds: config.SECONDS,
    wrongShare: 0,
  });
  if (result.accepted === 0 || result.wrongVerdicts > 0) {
    say(
      `Are there ${config.CUSTOMERS} customers and a NAS? npm run loadtest:prepare -- --customers ${config.CUSTOMERS}`,
    );
  }
  return [
    { name: `${method.toUpperCase()} answers per second`, value: result.perSecond, unit: '/s' },
    { name: 'accepted', value: result.accepted, unit: '', atLeast: 1 },
    { name: 'wrong verdicts', value: result.wrongVerdicts, unit: '', atMost: 0 },
    { name: 'unanswered', value: result.unanswered, unit: '', atMost: 0 },
    { name: 'retransmitted', value: result.retransmitted, unit: '' },
    { name: 'latency p50', value: result.latencies.percentile(50), unit: 'ms' },
    { name: 'latency p99', value: result.latencies.percentile(99), unit: 'ms' },
  ];
}

async function main(): Promise<number> {
  const config = readConfig();
  const name = process.argv[2] ?? '';
  const scenario = scenarios[name];
  if (scenario === undefined) {
    process.stderr.write(`usage: npm run loadtest -- ${Object.keys(scenarios).join(' | ')}\n`);
    return 2;
  }
  const instance = await readInstance(config.dataDir);
  const say: Say = (line) => process.stdout.write(`${line}\n`);
  const figures = await scenario(config, instance, say);
  if (figures === undefined) return 0;
  return (await report(config.root, name, `npm run loadtest -- ${name}`, figures)) ? 0 : 1;
}

process.exitCode = await main();
