import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure } from '../results.js';
import type { Tally } from './campaign.js';
import { CAMPAIGNS, isCampaignName, type CampaignName } from './campaigns.js';
import { conclude } from './conclude.js';
import { describeFinding, keepFindings } from './findings.js';
import { SLOWEST_MS } from './radius-campaign.js';
import { runCampaign, type CampaignResult } from './run-campaign.js';
import { runDifferential } from './differential.js';

const TRIALS: Readonly<Record<CampaignName, number>> = { radius: 10_000_000, forged: 20_000_000 };
/** Rows of the fault table each proves. */
const RESULTS = {
  radius: { name: 'fuzz-radius', rows: ['R4'] },
  forged: { name: 'fuzz-forged', rows: ['R5'] },
} as const;
const DIFFERENTIAL_PACKETS = 10_000;
const MOST_THREADS = 2;

const USAGE = `usage: npm run fuzz -- radius       valid and spoiled packets against an oracle (${TRIALS.radius} packets)
       npm run fuzz -- forged       packets with forged proofs, and every bit flipped (${TRIALS.forged})
       npm run fuzz -- differential the same packets to FreeRADIUS and to us (${DIFFERENTIAL_PACKETS})
options: --packets N  --seed N  --seconds S  --threads N  --only INDEX (of a finding)
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Options {
  readonly packets: number | undefined;
  readonly seed: number;
  readonly seconds: number | undefined;
  readonly threads: number;
  readonly only: number | undefined;
}

function readOptions(values: Readonly<Record<string, string | undefined>>): Options {
  const number = (name: string): number | undefined => {
    const text = values[name]?.replaceAll('_', '');
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`--${name} takes a number, not ${text}`);
    return value;
  };
  return {
    packets: number('packets'),
    // A run without a seed tries what no run before has tried.
    seed: number('seed') ?? Math.floor(Date.now() / 1000) % 1_000_000,
    seconds: number('seconds'),
    threads: number('threads') ?? Math.min(MOST_THREADS, availableParallelism()),
    only: number('only'),
  };
}

/** Gives the exit status: 0 nothing found, 1 findings, 3 could not be run here. */
async function run(name: string, options: Options): Promise<number> {
  const command = `npm run fuzz -- ${name} --seed ${options.seed}`;
  const root = path.resolve(import.meta.dirname, '..', '..', '..');
  if (name === 'differential') {
    const packets = options.packets ?? DIFFERENTIAL_PACKETS;
    const told = `${command} --packets ${packets}`;
    const isWhole = packets >= DIFFERENTIAL_PACKETS;
    return runDifferential({ root, packets, seed: options.seed, only: options.only, isWhole, command: told, say });
  }
  if (!isCampaignName(name)) throw new RangeError(`there is no ${name}`);
  if (options.only !== undefined) return again(name, options.seed, options.only);
  const trials = options.packets ?? TRIALS[name];
  say(`${trials.toLocaleString('en')} packets on ${options.threads} threads, seed ${options.seed}`);
  const result = await runCampaign({ name, trials, say, ...options });
  await keepFindings(root, name, options.seed, result.tally.findings);
  for (const finding of result.tally.findings) say(describeFinding(name, options.seed, finding));
  const figures = name === 'radius' ? radiusFigures(result) : forgedFigures(result);
  const { name: resultName, rows } = RESULTS[name];
  const facts = { seed: options.seed, rows: rows.join(' ') };
  const isWhole = trials >= TRIALS[name] && options.seconds === undefined;
  return conclude({ root, name: resultName, command: `${command} --packets ${trials}`, figures, facts, isWhole });
}

/** One trial of a run that is known by its seed. */
function again(name: CampaignName, seed: number, index: number): number {
  const campaign = CAMPAIGNS[name](seed);
  campaign.step(index);
  for (const finding of campaign.tally.findings) say(describeFinding(name, seed, finding));
  for (const [what, count] of campaign.tally.counts) say(`  ${what}: ${count}`);
  return campaign.tally.totalFindings === 0 ? 0 : 1;
}

function radiusFigures(result: CampaignResult): Figure[] {
  const { tally } = result;
  return [
    ...common(result),
    ...bounds(tally, {
      throws: 'thrown errors',
      'invalid-accepted': 'RFC-invalid packets accepted',
      'forged-accepted': 'packets believed without proof',
      'valid-refused': 'RFC-valid packets refused, but for named rules',
      'authentic-refused': 'rightly signed packets not believed',
      contents: 'values read wrongly',
      reply: 'replies made wrongly',
      slow: `packets that take more than ${SLOWEST_MS} ms every time`,
    }),
    ...times(tally),
    ...counts(tally),
  ];
}

function forgedFigures(result: CampaignResult): Figure[] {
  const { tally } = result;
  return [
    ...common(result),
    ...bounds(tally, {
      throws: 'thrown errors',
      'forged-accepted': 'forgeries believed',
      'flip-accepted': 'single-bit flips believed',
      'genuine-refused': 'genuine packets refused',
    }),
    ...times(tally),
    ...counts(tally),
  ];
}

function common({ done, seconds, tally }: CampaignResult): Figure[] {
  return [
    { name: 'packets', value: done, unit: '' },
    { name: 'packets per second', value: Math.round(done / seconds), unit: '/s' },
    { name: 'findings', value: tally.totalFindings, unit: '', atMost: 0 },
  ];
}

/** A line for each kind of finding, also for those that did not come. `kind` may go on behind the name given here. */
function bounds(tally: Tally, names: Readonly<Record<string, string>>): Figure[] {
  return Object.entries(names).map(([prefix, name]) => {
    const kinds = [...tally.findingCounts].filter(([kind]) => kind === prefix || kind.startsWith(`${prefix}:`));
    return { name, value: kinds.reduce((sum, [, count]) => sum + count, 0), unit: '', atMost: 0 };
  });
}

function times(tally: Tally): Figure[] {
  const confirmed = tally.times.slowestConfirmedMs;
  return [
    { name: 'time of a packet, median', value: tally.times.percentile(50) * 1000, unit: 'us' },
    { name: 'time of a packet, p99.99', value: tally.times.percentile(99.99), unit: 'ms' },
    { name: 'slowest packet, pauses of the machine included', value: tally.times.slowestMs, unit: 'ms' },
    ...(confirmed === 0
      ? []
      : [{ name: 'slowest packet, the best of five times', value: confirmed, unit: 'ms', atMost: SLOWEST_MS }]),
  ];
}

function counts(tally: Tally): Figure[] {
  return [...tally.counts].sort(([a], [b]) => a.localeCompare(b)).map(([name, value]) => ({ name, value, unit: '' }));
}

/** What was asked for; undefined, with the reason said, when it cannot be understood. */
function readCommand(): { readonly name: string; readonly options: Options } | undefined {
  const option = { type: 'string' } as const;
  const options = { packets: option, seed: option, seconds: option, threads: option, only: option };
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const [name] = positionals;
    if (name !== undefined && (isCampaignName(name) || name === 'differential')) {
      return { name, options: readOptions(values) };
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  process.stderr.write(USAGE);
  return undefined;
}

const command = readCommand();
process.exitCode = command === undefined ? 2 : await run(command.name, command.options);
