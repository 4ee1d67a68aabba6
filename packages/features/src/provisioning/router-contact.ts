import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@turnpike/core/app-error.js';
import { backoffMs } from '@turnpike/core/backoff.js';
import type { Clock } from '@turnpike/core/clock.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';
import { linkFailure, refusedBy } from './run-error.js';
import type { RunTiming } from './run-timing.js';

/** Logs in to a router, or rejects with an AppError (or the RosError behind it). */
export type OpenRouter = (routerId: string, options: { signal: AbortSignal }) => Promise<RosSession>;

export interface ContactDeps {
  readonly openRouter: OpenRouter;
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
  readonly timing: RunTiming;
}

export interface Contact {
  readonly routerId: string;
  readonly routerName: string;
  readonly signal: AbortSignal;
  /** How long to go on without any progress, ms; asked anew each time. */
  readonly patienceMs: () => number;
}

/** A third refusal could lock the account, and would tell nothing new. */
const MAX_LOGIN_TRIES = 2;

/**
 * Does `work` with a session, and with a new one whenever the link gives way, as long as there is progress or patience.
 * `work` must start from what the router says each time. Throws RunFailure when it is hopeless.
 */
export async function withRouter<Result>(
  deps: ContactDeps,
  contact: Contact,
  work: (session: RosSession, onProgress: () => void) => Promise<Result>,
): Promise<Result> {
  let lastProgress = deps.clock.monotonicMs();
  let failures = 0;
  let refusedLogins = 0;
  const onProgress = (): void => {
    lastProgress = deps.clock.monotonicMs();
    failures = 0;
  };
  for (;;) {
    const trouble = await tryOnce(deps.openRouter, contact, (session) => work(session, onProgress));
    if (trouble.kind === 'done') return trouble.result;
    failures += 1;
    if (isLoginRefusal(trouble.error)) refusedLogins += 1;
    const waitedMs = deps.clock.monotonicMs() - lastProgress;
    if (refusedLogins >= MAX_LOGIN_TRIES || waitedMs > contact.patienceMs())
      throw linkFailure(asAppError(trouble.error));
    await delay(backoffMs(deps.timing.reconnect, failures, deps.random), undefined, { signal: contact.signal });
  }
}

type Outcome<Result> = { kind: 'done'; result: Result } | { kind: 'link'; error: unknown };

async function tryOnce<Result>(
  openRouter: OpenRouter,
  contact: Contact,
  work: (session: RosSession) => Promise<Result>,
): Promise<Outcome<Result>> {
  let session: RosSession | undefined;
  try {
    session = await openRouter(contact.routerId, { signal: contact.signal });
    return { kind: 'done', result: await work(session) };
  } catch (error) {
    contact.signal.throwIfAborted();
    return { kind: 'link', error: linkTrouble(error, contact) };
  } finally {
    // Whether the farewell is heard changes nothing.
    await session?.close().catch(() => undefined);
  }
}

/** Gives the error back when a new session may help, and throws what it means otherwise. */
function linkTrouble(error: unknown, contact: Contact): unknown {
  if (error instanceof RosError) {
    if (error.kind === 'trap') throw refusedBy(contact.routerName, error, `read ${error.command ?? 'it'}`);
    if (error.kind === 'usage') throw linkFailure(new AppError('internal', error.message, { cause: error }));
    return error;
  }
  if (!(error instanceof AppError)) throw error;
  switch (error.code) {
    case 'router_unreachable':
    case 'router_login_failed':
      return error;
    case 'router_not_allowed':
    case 'router_has_no_address':
    case 'router_refused':
    case 'not_found':
      throw linkFailure(error);
    default:
      throw error;
  }
}

function isLoginRefusal(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'router_login_failed';
  return error instanceof RosError && error.kind === 'login';
}

function asAppError(error: unknown): unknown {
  if (!(error instanceof RosError)) return error;
  const code = error.kind === 'login' ? 'router_login_failed' : 'router_unreachable';
  return new AppError(code, `The connection to the router failed: ${error.message}`, { cause: error });
}
