import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { openApiRig, type ApiRig } from '../../../api/src/api-rig.js';
import { readWorkerConfig } from '../../../worker/src/config.js';
import { createWorkerContext } from '../../../worker/src/context.js';
import { runProgram } from '../program.js';
import { credentialsFile } from './credentials.js';
import type { VerbHost } from './verb.js';

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** Each line of the output as JSON. */
  readonly lines: readonly unknown[];
}

export interface Typed {
  readonly stdin?: string;
  readonly isTty?: boolean;
  /** Answers to questions, in their order. */
  readonly answers?: readonly string[];
  /** Sees everything as it is written, and may press Ctrl-C. */
  readonly onOutput?: (text: string, pressCtrlC: () => void) => void;
}

export interface VerbRig {
  readonly rig: ApiRig;
  readonly folder: string;
  readonly credentials: string;
  /** Runs one command line on a terminal of 80 columns. */
  turnpike(argv: readonly string[], typed?: Typed): Promise<Ran>;
  close(): Promise<void>;
}

/** The whole API and a worker on stores of their own, and a machine from which somebody types. */
export async function openVerbRig(): Promise<VerbRig> {
  const [rig, cache] = await Promise.all([openApiRig(), openTestRedis('cache')]);
  const worker = createWorkerContext({
    config: readWorkerConfig({
      DATABASE_URL: rig.postgres.url,
      REDIS_DURABLE_URL: rig.durable.url,
      REDIS_CACHE_URL: cache.url,
      ENCRYPTION_KEYS: TEST_KEY,
      LOG_LEVEL: 'silent',
      ROUTER_ALLOW_LOOPBACK: 'true',
    }),
    logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
    metrics: createMetrics({ role: 'worker', instance: '0', processMetrics: false }),
    prefix: rig.durable.prefix,
  });
  await worker.start();
  const folder = await mkdtemp(path.join(tmpdir(), 'turnpike-verbs-'));
  const credentials = credentialsFile(folder);
  return {
    rig,
    folder,
    credentials,
    turnpike: (argv, typed = {}) =>
      runTurnpike(argv, typed, { instance: path.join(folder, 'instance.json'), credentials }),
    close: async () => {
      await worker.stop();
      await Promise.all([rig.close(), cache.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one command line without a system of its own. */
export async function runTurnpike(
  argv: readonly string[],
  typed: Typed,
  files: { instance: string; credentials: string },
): Promise<Ran> {
  const answers = [...(typed.answers ?? [])];
  const interrupts = new Set<() => void>();
  const pressCtrlC = (): void => interrupts.forEach((listener) => listener());
  let out = '';
  let err = '';
  let exit = -1;
  const host: VerbHost = {
    terminal: {
      write: (text) => {
        out += text;
        typed.onOutput?.(text, pressCtrlC);
      },
      error: (text) => {
        err += text;
      },
      isTty: typed.isTty ?? false,
      hasColours: false,
      columns: 80,
    },
    instanceFile: files.instance,
    credentialsFile: files.credentials,
    onInterrupt: (listener) => {
      interrupts.add(listener);
      return () => interrupts.delete(listener);
    },
    readStdin: async () => typed.stdin ?? '',
    ask: async () => answers.shift() ?? '',
    setExit: (code) => {
      exit = code;
    },
    now: () => new Date(),
  };
  await runProgram(host, argv);
  return {
    exit,
    out,
    err,
    get lines() {
      return out
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line));
    },
  };
}
