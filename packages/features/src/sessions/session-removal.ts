import { coalesce } from '@turnpike/core/batcher.js';
import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';
import { canBeSought, isSession, listActive, type ActiveRow, type SoughtSession } from './active-rows.js';

export interface RemovableSession extends SoughtSession {
  readonly routerId: string;
}

export type RemovalOutcome =
  /** It was there, was taken out, and is not in the list any more. */
  | { readonly kind: 'removed' }
  /** The router listed everybody, and it is not among them. */
  | { readonly kind: 'absent' }
  /** Nothing is known of it. `detail` is for people. */
  | { readonly kind: 'failed'; readonly detail: string };

/** How a command about a session ends whose end its router has shown; `detail` is for people. */
export const PROVEN_END = {
  removed: { state: 'removed', detail: 'taken out through the API of the router' },
  absent: { state: 'already_gone', detail: 'the router has no such session' },
} as const;

/** The way around RADIUS: takes sessions out through the API of their router. */
export interface SessionRemoval {
  /** Never rejects but with the signal's reason. */
  remove(session: RemovableSession, signal: AbortSignal): Promise<RemovalOutcome>;
}

export interface SessionRemovalDeps {
  /** Logs in to a router, or rejects in words for people. */
  readonly openRouter: (routerId: string, options: { signal: AbortSignal }) => Promise<RosSession>;
  readonly clock: Clock;
  /** Longest one visit to a router may take, ms. */
  readonly visitMs?: number;
}

/** Sessions of one router that are to end at the same time are taken out in one visit: it logs every login. */
export function createSessionRemoval({ openRouter, clock, visitMs = 20_000 }: SessionRemovalDeps): SessionRemoval {
  const routers = new Map<string, { readonly take: Take; users: number }>();

  function takeFrom(routerId: string) {
    const known = routers.get(routerId) ?? {
      take: coalesce((sought: readonly SoughtSession[]) => visit(routerId, sought)),
      users: 0,
    };
    routers.set(routerId, known);
    return known;
  }

  async function visit(routerId: string, sought: readonly SoughtSession[]): Promise<RemovalOutcome[]> {
    const signal = AbortSignal.timeout(visitMs);
    try {
      const session = await openRouter(routerId, { signal });
      try {
        return await takeOut(session, sought, signal);
      } finally {
        await session.close();
      }
    } catch (error) {
      return sought.map(() => ({ kind: 'failed', detail: messageOf(error) }));
    }
  }

  async function takeOut(
    session: RosSession,
    sought: readonly SoughtSession[],
    signal: AbortSignal,
  ): Promise<RemovalOutcome[]> {
    const before = await listActive(session, signal);
    const rows = rowsOf(before, sought);
    const toRemove = new Set([...rows.values()].flat());
    for (const row of toRemove) await removeRow(session, row, signal);
    const after = toRemove.size === 0 ? before : await listActive(session, signal);
    const left = rowsOf(after, sought);
    return sought.map((one) => {
      if (!canBeSought(one)) return { kind: 'failed', detail: 'too little is known of the session to find it' };
      if ((left.get(one) ?? []).length > 0) return { kind: 'failed', detail: 'the router keeps the session' };
      return { kind: (rows.get(one) ?? []).length > 0 ? 'removed' : 'absent' };
    });
  }

  function rowsOf(rows: readonly ActiveRow[], sought: readonly SoughtSession[]): Map<SoughtSession, ActiveRow[]> {
    const now = clock.now();
    return new Map(sought.map((one) => [one, canBeSought(one) ? rows.filter((row) => isSession(row, one, now)) : []]));
  }

  return {
    remove: async (session, signal) => {
      signal.throwIfAborted();
      const router = takeFrom(session.routerId);
      router.users += 1;
      try {
        return await orAbort(router.take(session), signal);
      } finally {
        router.users -= 1;
        if (router.users === 0) routers.delete(session.routerId);
      }
    },
  };
}

type Take = (session: SoughtSession) => Promise<RemovalOutcome>;

/** One that has gone by itself meanwhile is no failure: the list that is read afterwards tells. */
async function removeRow(session: RosSession, row: ActiveRow, signal: AbortSignal): Promise<void> {
  try {
    await session.remove(row.path, row.rosId, { signal });
  } catch (error) {
    if (!(error instanceof RosError && error.kind === 'trap')) throw error;
  }
}

function orAbort<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      const reason: unknown = signal.reason;
      reject(reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
