import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type OwnInstance, withOwnInstance } from '../chaos/own-instance.js';
import type { LoadtestConfig } from '../config.js';
import type { Instance } from '../instance.js';
import { fillPackages } from '../fill-packages.js';
import { median } from '../median.js';
import { cpuSecondsOfTrees } from '../process-trees.js';
import { getPrograms, type Program } from '../programs.js';
import type { Say } from '../radius/target.js';
import type { Figure } from '../results.js';
import { runWrk, type WrkRun } from '../wrk.js';
import { PHP_PROGRAMS, startPhpSide } from './php-side.js';

export const CACHED_LIST_WHOLE = { ROUNDS: 3, SECONDS: 15, PROCESSES: 2 };
const PACKAGES = 50;
const CONNECTIONS = 64;
const PHP_WORKERS = 20;
const MIN_PER_SECOND = 10_000;
const MAX_P99_MS = 100;
const MIN_RATIO = 1;
/** Both have compiled what they run, and every connection of PHP to Redis is there. */
const WARM_SECONDS = 5;

type Who = 'Turnpike' | 'PHP-FPM';

interface Side {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pids: readonly number[];
}

interface Turn extends WrkRun {
  readonly cpuSeconds: number;
}

interface Context {
  readonly config: LoadtestConfig;
  readonly wrk: Program;
  readonly say: Say;
  readonly signal: AbortSignal;
}

/**
 * The list of packages, cached, from Turnpike with everything it does for each request (token, rights, metrics, request id) and
 * from a bare PHP script that gives the same bytes from Redis, in turns on the same machine with the same generator.
 */
export async function cachedList(
  config: LoadtestConfig,
  _instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const processes = config.PROCESSES ?? CACHED_LIST_WHOLE.PROCESSES;
  const directory = await mkdtemp(path.join(tmpdir(), `turnpike-php-${process.pid}-`));
  try {
    const search = { searchPath: config.PATH, tempDir: directory, say };
    const { wrk, ...programs } = await getPrograms(['wrk', ...PHP_PROGRAMS], search);
    return await withOwnInstance({ config, say, signal, env: { API_INSTANCES: String(processes) } }, async (own) => {
      const turnpike = await turnpikeSide(own);
      const body = await answerOf(turnpike);
      const php = await startPhpSide({
        programs,
        directory: path.join(directory, 'php'),
        body,
        workers: PHP_WORKERS,
        signal,
      });
      try {
        say(`${processes} API processes against ${php.versions}, ${PHP_WORKERS} workers, OPcache on`);
        const sides = { Turnpike: turnpike, 'PHP-FPM': { url: php.url, headers: turnpike.headers, pids: php.pids } };
        const same = (await answerOf(sides['PHP-FPM'])) === body;
        const turns = await takeTurns({ config, wrk, say, signal }, sides);
        return figuresOf(turns, { bytes: Buffer.byteLength(body), same });
      } finally {
        await php.stop();
      }
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function turnpikeSide(own: OwnInstance): Promise<Side> {
  const { instance } = own;
  await fillPackages(instance, PACKAGES);
  const { processes } = await own.status();
  return {
    url: `${instance.apiUrl}/packages`,
    headers: { authorization: `Bearer ${instance.apiToken}` },
    pids: processes.flatMap(({ pid }) => pid ?? []),
  };
}

async function answerOf({ url, headers }: Side): Promise<string> {
  const response = await fetch(url, { headers: { ...headers, 'accept-encoding': 'identity' } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`GET ${url} answered ${response.status}: ${text.slice(0, 300)}`);
  JSON.parse(text);
  return text;
}

async function takeTurns(context: Context, sides: Readonly<Record<Who, Side>>): Promise<Record<Who, Turn[]>> {
  const { config, say } = context;
  const turns: Record<Who, Turn[]> = { Turnpike: [], 'PHP-FPM': [] };
  const rounds = config.ROUNDS ?? CACHED_LIST_WHOLE.ROUNDS;
  const seconds = config.SECONDS ?? CACHED_LIST_WHOLE.SECONDS;
  for (let round = 1; round <= rounds; round += 1) {
    // Who begins changes, so that neither always runs on the warmer machine.
    const order = round % 2 === 1 ? (['Turnpike', 'PHP-FPM'] as const) : (['PHP-FPM', 'Turnpike'] as const);
    for (const who of order) {
      if (round === 1) await measure(context, sides[who], WARM_SECONDS);
      const turn = await measure(context, sides[who], seconds);
      say(
        `round ${round} of ${rounds}, ${who}: ${Math.round(turn.perSecond).toLocaleString('en')}/s, p99 ${turn.p99Ms.toFixed(1)} ms`,
      );
      turns[who].push(turn);
    }
  }
  return turns;
}

async function measure({ wrk, signal }: Context, { url, headers, pids }: Side, seconds: number): Promise<Turn> {
  const before = await cpuSecondsOfTrees(pids);
  const run = await runWrk({ wrk, url, headers, connections: CONNECTIONS, seconds, signal });
  return { ...run, cpuSeconds: (await cpuSecondsOfTrees(pids)) - before };
}

function figuresOf(
  turns: Readonly<Record<Who, readonly Turn[]>>,
  { bytes, same }: { readonly bytes: number; readonly same: boolean },
): Figure[] {
  const of = (who: Who, value: (turn: Turn) => number): number => median(turns[who].map(value));
  const rate = (who: Who): number => of(who, ({ perSecond }) => perSecond);
  const failed = (who: Who): number =>
    turns[who].reduce((sum, { non2xx, socketErrors }) => sum + non2xx + socketErrors, 0);
  const more = (who: Who): Figure[] => [
    { name: `${who}: p50`, value: of(who, ({ p50Ms }) => p50Ms), unit: 'ms' },
    {
      name: `${who}: p99`,
      value: of(who, ({ p99Ms }) => p99Ms),
      unit: 'ms',
      ...(who === 'Turnpike' ? { atMost: MAX_P99_MS } : {}),
    },
    {
      name: `${who}: answers other than 2xx, broken connections`,
      value: failed(who),
      unit: '',
      ...(who === 'Turnpike' ? { atMost: 0 } : {}),
    },
    {
      name: `${who}: CPU for 1,000 requests, stores included`,
      value: of(who, ({ cpuSeconds, requests }) => (cpuSeconds / requests) * 1_000_000),
      unit: 'ms',
    },
  ];
  return [
    { name: 'Turnpike, median of rounds', value: rate('Turnpike'), unit: '/s', atLeast: MIN_PER_SECOND },
    { name: 'PHP-FPM, median of rounds', value: rate('PHP-FPM'), unit: '/s' },
    { name: 'Turnpike is faster by', value: rate('Turnpike') / rate('PHP-FPM'), unit: 'x', atLeast: MIN_RATIO },
    ...more('Turnpike'),
    ...more('PHP-FPM'),
    { name: `size of the answer, ${PACKAGES} packages`, value: bytes, unit: 'bytes' },
    { name: 'both give the same bytes (1: yes)', value: same ? 1 : 0, unit: '', atLeast: 1 },
  ];
}
