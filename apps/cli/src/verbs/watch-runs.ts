import type { RunState, RunView } from '@turnpike/contracts/provisioning.js';
import { type DefaultRenderer, Listr, type ListrTask, type ListrTaskWrapper, type SimpleRenderer } from 'listr2';
import type { ApiClient } from '../api-client.js';
import { EXIT, exitOf, VerbError } from './exit.js';
import type { Output } from './output.js';
import { followRun, hasEnded, isGood, type WatchedRun } from './run-feed.js';
import type { Verb } from './verb.js';

/** Why watching stopped before the run did. */
class Detached extends Error {
  readonly timedOut: boolean;

  constructor(timedOut: boolean) {
    super('watching has stopped');
    this.timedOut = timedOut;
  }
}

/**
 * Shows runs until all have ended; gives the exit code. Ctrl-C and the timeout end the watching and not the runs. On a
 * terminal a tree of stages, elsewhere a line for each change.
 */
export async function watchRuns(
  verb: Verb,
  runs: readonly WatchedRun[],
  { timeoutMs }: { timeoutMs: number | undefined },
): Promise<number> {
  const { host, out } = verb;
  const api = await verb.api();
  const stop = new AbortController();
  const release = host.onInterrupt(() => stop.abort(new Detached(false)));
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop.abort(new Detached(true)), timeoutMs);
  try {
    const ended = await (out.terminal.isTty && !out.json ? showTree : showLines)(api, out, runs, stop.signal);
    for (const { run, routerName } of ended) if (!out.json) sayEnd(out, run, routerName);
    return exitOf(ended.map(({ run }) => isGood(run)));
  } catch (error) {
    if (!(error instanceof Detached)) throw error;
    throw goesOn(error, runs);
  } finally {
    clearTimeout(timer);
    release();
  }
}

function goesOn({ timedOut }: Detached, runs: readonly WatchedRun[]): VerbError {
  const names = runs.map(({ routerName }) => `  turnpike router logs ${shellWord(routerName)} --watch`);
  const why = timedOut ? 'Time is up' : 'Detached';
  return new VerbError(
    `${why}: the job goes on without this terminal. Look in again with\n${names.join('\n')}`,
    timedOut ? EXIT.timedOut : EXIT.detached,
  );
}

function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

interface EndedRun {
  readonly run: RunView;
  readonly routerName: string;
}

async function showLines(
  api: ApiClient,
  out: Output,
  runs: readonly WatchedRun[],
  signal: AbortSignal,
): Promise<EndedRun[]> {
  const all = runs.map(async ({ runId, routerName }) => {
    const onChange = (run: RunView): void => {
      out.emit({ router: routerName, ...withoutServices(run) });
      out.say(`${routerName}  ${String(run.percent).padStart(3)} %  ${run.state}: ${run.stage ?? ''}`);
    };
    return { run: await followRun(api, runId, { signal, onChange }), routerName };
  });
  return Promise.all(all);
}

function withoutServices({ services: _services, ...run }: RunView): Omit<RunView, 'services'> {
  return run;
}

const DEPLOY_STAGES: readonly (readonly [RunState, string])[] = [
  ['connecting', 'Connect'],
  ['preflight', 'Check version, interfaces and addresses'],
  ['backup', 'Keep the configuration as it was'],
  ['planning', 'Plan'],
  ['applying', 'Make the changes'],
  ['verifying', 'See that everything works'],
];
const ROLLBACK_STAGES: readonly (readonly [RunState, string])[] = [
  ['connecting', 'Connect'],
  ['preflight', 'See that nobody changed the same things'],
  ['rolling_back', 'Take the changes back, and look again'],
];

/** A tree: each router with its stages. */
async function showTree(
  api: ApiClient,
  _out: Output,
  runs: readonly WatchedRun[],
  signal: AbortSignal,
): Promise<EndedRun[]> {
  const followed = runs.map(({ runId, routerName }) => {
    const news = new RunNews();
    const end = followRun(api, runId, { signal, onChange: (run) => news.tell(run) });
    end.catch((error: unknown) => news.fail(error));
    return { news, end, routerName };
  });
  const tasks = followed.map(({ news, routerName }): ListrTask => ({
    title: routerName,
    task: async (_context, task) => {
      const { kind } = await news.next(() => true);
      const stages = kind === 'rollback' ? ROLLBACK_STAGES : DEPLOY_STAGES;
      return task.newListr(
        stages.map(([state, title], position) => ({
          title,
          task: (_none, own): Promise<void> => stage(news, { stages, position, state }, own),
        })),
        { concurrent: false, exitOnError: true },
      );
    },
  }));
  const list = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    rendererOptions: { collapseSubtasks: false, collapseErrors: false, showErrorMessage: false, collapseSkips: false },
  });
  await list.run().catch(() => undefined);
  return Promise.all(followed.map(async ({ end, routerName }) => ({ run: await end, routerName })));
}

interface Stage {
  readonly stages: typeof DEPLOY_STAGES;
  readonly position: number;
  readonly state: RunState;
}

/** Resolves when the run has left the stage on its way forward, or nobody watches any more; rejects when it ended in it. */
async function stage(
  news: RunNews,
  { stages, position, state: own }: Stage,
  task: Pick<ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>, 'output' | 'skip'>,
): Promise<void> {
  const order: readonly string[] = stages.map(([state]) => state);
  const isPast = (run: RunView): boolean => isGood(run) || order.indexOf(run.state) > position;
  try {
    const run = await news.next((now) => {
      if (now.state === own || now.state === 'rolling_back') task.output = `${now.percent} %  ${now.stage ?? ''}`;
      return isPast(now) || hasEnded(now);
    });
    if (!isPast(run)) throw new Error(run.error?.message ?? run.state);
  } catch (error) {
    if (!(error instanceof Detached)) throw error;
    task.skip();
  }
}

/** The newest word of a run, for several who wait for different ones. */
class RunNews {
  #last: RunView | undefined;
  #failure: { readonly error: unknown } | undefined;
  #waiting: (() => void)[] = [];

  tell(run: RunView): void {
    this.#last = run;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake();
  }

  async next(test: (run: RunView) => boolean): Promise<RunView> {
    for (;;) {
      if (this.#last !== undefined && test(this.#last)) return this.#last;
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function sayEnd(out: Output, run: RunView, routerName: string): void {
  const { good, bad, warn } = out.colours;
  if (isGood(run)) {
    const what = run.kind === 'rollback' ? 'is as it was before' : 'is as wished';
    out.say(good(`${routerName} ${what}: ${run.writes} changes, seen on the router.`));
    return;
  }
  const paint = run.state === 'waiting_for_operator' ? warn : bad;
  out.complain(paint(`${routerName}: ${run.state.replaceAll('_', ' ')}`));
  sayError(out, run);
}

/** What went wrong, where, in whose words, and what to do. */
export function sayError(out: Output, { error }: Pick<RunView, 'error'>): void {
  if (error === null) return;
  out.complain(`  ${error.message}`);
  if (error.step !== null) out.complain(`  at      ${error.step}`);
  if (error.routerMessage !== null) out.complain(`  router  "${error.routerMessage}"`);
  if (error.remedy !== null) out.complain(`  do      ${error.remedy}`);
  out.complain(`  code    ${error.code}`);
}
