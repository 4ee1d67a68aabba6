import { randomInt } from 'node:crypto';
import { isWhole, readConfig } from '../config.js';
import type { Say } from '../radius/target.js';
import { explainEnd } from '../refusals.js';
import { report } from '../results.js';
import { untilSignal } from '../until-signal.js';
import type { ChaosScenario } from './scenario.js';
import { chaosScenarios } from './scenarios.js';
import { seededRandom } from './seeded-random.js';

/** What there is, for people. */
function list(): string {
  const entries = chaosScenarios.map(({ name, title, rows, whole, usage }) => {
    const scale = Object.entries(whole).map(([option, value]) => `--${option.toLowerCase()} ${value}`);
    const options = [...scale, ...(usage === undefined ? [] : [usage])];
    return `  ${name}${rows.length === 0 ? '' : ` (${rows.join(', ')})`}\n      ${title}\n      ${options.join(', ')}`;
  });
  const common =
    'Each starts an instance of its own, also while another one runs, and stops it again (--keep: does not).';
  return ['usage: npm run chaos -- NAME [options, with what they are by default]', '', ...entries, '', common, ''].join(
    '\n',
  );
}

/** Results of one target do not replace those of all of them. */
function resultName({ name }: ChaosScenario, target: string | undefined): string {
  return target === undefined ? `chaos-${name}` : `chaos-${name}-${target}`;
}

async function main(name?: string, ...args: readonly string[]): Promise<number> {
  const scenario = chaosScenarios.find((one) => one.name === name);
  if (scenario === undefined) {
    (name === undefined ? process.stdout : process.stderr).write(list());
    return name === undefined ? 0 : 2;
  }
  const config = readConfig(args);
  const seed = config.SEED ?? randomInt(2 ** 31);
  const say: Say = (line) => process.stdout.write(`${line}\n`);
  say(`${scenario.name}: ${scenario.title}`);
  const context = { config, say, seed, random: seededRandom(seed) };
  const figures = await untilSignal((signal) => scenario.run({ ...context, signal }));
  const command = ['npm run chaos --', scenario.name, ...args].join(' ');
  const file = resultName(scenario, config.TARGET);
  const passed = await report(config.root, file, command, figures, {
    facts: { seed, rows: scenario.rows.join(' ') },
    isWhole: isWhole(config, scenario.whole),
  });
  return passed ? 0 : 1;
}

try {
  process.exitCode = await main(...process.argv.slice(2));
} catch (error) {
  const { text, status } = explainEnd(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = status;
}
