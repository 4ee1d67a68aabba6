import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadtestConfig } from '../config.js';
import { readInstance, type Instance } from '../instance.js';
import type { RadiusTarget, Say } from '../radius/target.js';
import { isAlive } from './stop-process.js';
import { pidsOf, readStatus, runCli, type Status } from '../turnpike-cli.js';

/** A Turnpike of our own: its stores, processes and data are gone afterwards. */
export interface OwnInstance {
  readonly instance: Instance;
  readonly dataDir: string;
  /** `npm start`: starts what does not run, as an operator would. Tries again for a minute. */
  up(): Promise<void>;
  status(): Promise<Status>;
  /** Rejects when no such process runs. */
  pids(name: string): Promise<number[]>;
  /** `npm run loadtest:prepare`; gives the target. */
  prepare(options: PrepareOptions): Promise<RadiusTarget>;
}

export interface PrepareOptions {
  readonly customers: number;
  readonly devices?: number;
  /** Default 127.99.0.1. */
  readonly nasAddress?: string;
}

export interface OwnInstanceOptions {
  readonly config: LoadtestConfig;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** Further variables for `npm start`. */
  readonly env?: Readonly<Record<string, string>>;
}

const PREFIX = 'turnpike-chaos-';
const UP_TRIES = 6;
const UP_PAUSE_MS = 5_000;

/** Starts an instance, works with it and stops it, whatever happens in between. `--keep` leaves it for a look. */
export async function withOwnInstance<Result>(
  options: OwnInstanceOptions,
  work: (own: OwnInstance) => Promise<Result>,
): Promise<Result> {
  const { config, say, signal } = options;
  await removeLeftOvers(config);
  const directory = await mkdtemp(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  await chmod(directory, 0o711);
  const dataDir = path.join(directory, 'data');
  const env = { SIMULATOR_ROUTERS: '0', API_INSTANCES: '1', ...options.env, TURNPIKE_DATA: dataDir };
  try {
    say('starting an instance of our own');
    await bringUp(config, env, signal, 1);
    const instance = await readInstance(dataDir);
    return await work(control(options, { instance, dataDir, env }));
  } finally {
    if (config.KEEP) say(`left running: TURNPIKE_DATA=${dataDir} npm run status (and npm stop)`);
    else await discard(config, directory, say);
  }
}

function control(
  { config, say, signal }: OwnInstanceOptions,
  place: { instance: Instance; dataDir: string; env: Readonly<Record<string, string>> },
): OwnInstance {
  const { instance, dataDir, env } = place;
  const own: OwnInstance = {
    instance,
    dataDir,
    up: () => bringUp(config, env, signal, UP_TRIES),
    status: () => readStatus(config, env),
    async pids(name) {
      const pids = pidsOf(await own.status(), name);
      if (pids.length === 0) throw new Error(`${name} does not run`);
      return pids;
    },
    async prepare({ customers, devices = 1, nasAddress = config.NAS_ADDRESS }) {
      say(`making ${customers.toLocaleString('en')} customers`);
      const given = { customers, devices, 'nas-address': nasAddress, 'nas-secret': config.NAS_SECRET };
      const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)]);
      const { code, output } = await runCli(config, ['loadtest-prepare', ...args], env);
      if (code !== 0) throw new Error(`loadtest-prepare failed:\n${output}`);
      return {
        ...instance.radius,
        nasAddress,
        secret: config.NAS_SECRET,
        customers: { username: 'user%d', password: 'pass%d', count: customers },
      };
    },
  };
  return own;
}

/** PostgreSQL that was killed may refuse its first start, while what it left behind ends: an operator would try again. */
async function bringUp(
  config: LoadtestConfig,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
  tries: number,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    const { code, output } = await runCli(config, ['up'], env);
    if (code === 0) return;
    if (attempt >= tries) throw new Error(`npm start failed (status ${code}):\n${output.slice(-2_000)}`);
    await delay(UP_PAUSE_MS, undefined, { signal });
  }
}

async function discard(config: LoadtestConfig, directory: string, say: Say): Promise<void> {
  say('stopping our instance');
  await runCli(config, ['down'], { TURNPIKE_DATA: path.join(directory, 'data') }).catch(() => undefined);
  await rm(directory, { recursive: true, force: true });
}

/** Instances of runs that were killed before they could stop them. */
async function removeLeftOvers(config: LoadtestConfig): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    await discard(config, path.join(tmpdir(), name), () => undefined);
  }
}
