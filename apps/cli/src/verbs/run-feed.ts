import { setTimeout as delay } from 'node:timers/promises';
import { getRun, type RunView } from '@turnpike/contracts/provisioning.js';
import { type ApiClient, ApiError } from '../api-client.js';

/** One run on one router, as a watcher sees it. */
export interface WatchedRun {
  readonly runId: string;
  readonly routerName: string;
}

const POLL_MS = 400;
/** The server may be restarting: the run goes on in a worker meanwhile. */
const PATIENCE_MS = 60_000;

/** True when nothing more happens by itself. */
export function hasEnded({ finishedAt, state }: Pick<RunView, 'finishedAt' | 'state'>): boolean {
  return finishedAt !== null || state === 'waiting_for_operator';
}

/** The goal was reached: a deploy is in place, a rollback has put everything back. */
export function isGood({ kind, state }: Pick<RunView, 'kind' | 'state'>): boolean {
  return state === (kind === 'rollback' ? 'rolled_back' : 'succeeded');
}

/** Tells each change of a run until it has ended. Rejects with the signal's reason, or when the server is gone for long. */
export async function followRun(
  api: ApiClient,
  runId: string,
  { signal, onChange }: { signal: AbortSignal; onChange: (run: RunView) => void },
): Promise<RunView> {
  let last = '';
  let lostSince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    try {
      const run = await api.call(getRun, { params: { id: runId } });
      lostSince = undefined;
      const now = JSON.stringify([run.state, run.stage, run.percent, run.attempt]);
      if (now !== last) onChange(run);
      last = now;
      if (hasEnded(run)) return run;
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) throw error;
      lostSince ??= performance.now();
      if (performance.now() - lostSince > PATIENCE_MS) throw error;
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
