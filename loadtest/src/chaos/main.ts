import { randomInt } from 'node:crypto';
import { readConfig, UsageError } from '../config.js';
import type { Say } from '../radius/target.js';
import { report } from '../results.js';
import { untilSignal } from '../until-signal.js';
import { NotPossibleHere, type ChaosScenario } from './scenario.js';
import { chaosScenarios } from './scenarios.js';
import { seededRandom } from './seeded-random.js';

const NOT_POSSIBLE = 3;

/** What there is, for people. */
function list(): string {
  const entries = chaosScenarios.map(({ name, title, rows, usage }) =>
    [`  ${name} (${rows.join(', ')})`, `      ${title}`, `      ${usage}`].join('\n'),
  );
  return [
    'usage: npm run chaos -- NAME [options]',
    '',
    ...entries,
    '',
    'Each starts an instance of its own and stops it.',
    '',
  ].join('\n');
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
  const passed = await report(config.root, file, command, figures, { seed, rows: scenario.rows.join(' ') });
  return passed ? 0 : 1;
}

try {
  process.exitCode = await main(...process.argv.slice(2));
} catch (error) {
  const known = error instanceof UsageError || error instanceof NotPossibleHere;
  if (known) process.stderr.write(`${error.message}\n`);
  else if (error instanceof Error && error.name === 'AbortError') process.stderr.write('stopped\n');
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : error instanceof NotPossibleHere ? NOT_POSSIBLE : 1;
}
