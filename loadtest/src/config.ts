import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { UsageError } from './refusals.js';

/** Each may be given as an option (`--seconds 5`) or as a variable (`SECONDS=5`); the option wins. */
const settings = z.object({
  TURNPIKE_DATA: z.string().optional(),
  PATH: z.string(),
  HOME: z.string().default('/tmp'),
  /** k6: requests a second; how long, as `30s`, which is the same as SECONDS=30. */
  RATE: z.coerce.number().positive().optional(),
  DURATION: z
    .string()
    .regex(/^\d+s$/, 'must look like 30s')
    .optional(),
  /** RADIUS: customers made by loadtest:prepare, requests in flight, how long. */
  CUSTOMERS: z.coerce.number().int().min(64).optional(),
  WINDOW: z.coerce.number().int().positive().max(1024).default(64),
  SECONDS: z.coerce.number().positive().max(86_400).optional(),
  MINUTES: z.coerce.number().positive().max(1440).optional(),
  /** Share of logins with a wrong password. */
  WRONG_SHARE: z.coerce.number().min(0).max(0.5).optional(),
  ROUNDS: z.coerce.number().int().positive().max(100).optional(),
  /** Whether accounting carries the Class of an Accept. */
  WITH_CLASS: z.stringbool().default(true),
  NAS_ADDRESS: z.ipv4().default('127.99.0.1'),
  NAS_SECRET: z.string().default('loadtest-secret-of-32-characters'),
  /** Chaos: what is broken, how often, how many. k6: TIMES runs, of which the medians are kept. */
  TARGET: z.string().optional(),
  TIMES: z.coerce.number().int().positive().max(1000).optional(),
  EVERY: z.coerce.number().positive().max(3600).optional(),
  COUNT: z.coerce.number().int().positive().max(1_000_000).optional(),
  /** Forged callbacks among the purchases. */
  FORGED: z.coerce.number().int().min(0).max(100_000).optional(),
  SESSIONS: z.coerce.number().int().positive().max(100_000_000).optional(),
  /** Lists: payments that are loaded, and the part of every number that is not given. */
  PAYMENTS: z.coerce.number().int().positive().max(100_000_000).optional(),
  SCALE: z.coerce.number().positive().max(1).optional(),
  /** Cached list, k6: API processes. */
  PROCESSES: z.coerce.number().int().positive().max(64).optional(),
  SEED: z.coerce.number().int().min(0).max(0xffff_ffff).optional(),
  /** Chaos: leaves the instance running, and its data, for a look. */
  KEEP: z.stringbool().default(false),
});

export type LoadtestConfig = z.infer<typeof settings> & {
  readonly root: string;
  readonly dataDir: string;
  /** The options as they were given, for the record. */
  readonly given: readonly string[];
};

/** Options that say how large a run is. */
const SCALE_OPTIONS = [
  'CUSTOMERS',
  'SECONDS',
  'MINUTES',
  'ROUNDS',
  'TIMES',
  'RATE',
  'SESSIONS',
  'COUNT',
  'FORGED',
  'PAYMENTS',
  'SCALE',
  'PROCESSES',
] as const;
type ScaleOption = (typeof SCALE_OPTIONS)[number];
export type Scale = Readonly<Partial<Record<ScaleOption, number>>>;

/** Whether nothing was asked for that is smaller than the full scale of a scenario. */
export function isWhole(config: LoadtestConfig, whole: Scale): boolean {
  const asked: Scale = config;
  return SCALE_OPTIONS.every((name) => (asked[name] ?? Infinity) >= (whole[name] ?? 0));
}

const FLAGS = ['WITH_CLASS', 'KEEP'];
const NOT_OPTIONS = ['PATH', 'HOME', 'TURNPIKE_DATA'];

/** `args`: what follows the scenario's name. */
export function readConfig(args: readonly string[] = [], env: NodeJS.ProcessEnv = process.env): LoadtestConfig {
  const root = path.resolve(import.meta.dirname, '..', '..');
  const parsed = settings.safeParse({ ...env, ...readOptions(args) });
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${optionOf(String(issue.path[0]))}: ${issue.message}`);
    throw new UsageError(`these options cannot be used:\n${lines.join('\n')}`);
  }
  const { DURATION, SECONDS = DURATION === undefined ? undefined : Number.parseInt(DURATION, 10) } = parsed.data;
  const dataDir = path.resolve(root, parsed.data.TURNPIKE_DATA ?? '.data');
  return { ...parsed.data, ...(SECONDS === undefined ? {} : { SECONDS }), root, dataDir, given: args };
}

function optionOf(name: string): string {
  return `--${name.toLowerCase().replaceAll('_', '-')}`;
}

function readOptions(args: readonly string[]): Record<string, string> {
  const names = Object.keys(settings.shape).filter((name) => !NOT_OPTIONS.includes(name));
  const options = Object.fromEntries(
    names.map((name) => [optionOf(name).slice(2), { type: FLAGS.includes(name) ? 'boolean' : 'string' } as const]),
  );
  try {
    const { values } = parseArgs({ args: [...args], options, allowNegative: true });
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name.toUpperCase().replaceAll('-', '_'), String(value)]),
    );
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0] : String(error));
  }
}
