import { coalesce } from '@turnpike/core/batcher.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { findNasTarget, type NasTarget } from '../nas/nas-target.js';
import {
  findCommandWorks,
  finishCommands,
  markSent,
  noteRates,
  type CommandOutcome,
  type CommandWork,
} from './session-command.store.js';

export interface Verdict {
  readonly state: CommandOutcome;
  readonly errorCause: number | null;
  readonly detail: string | null;
}

/** There was nothing left to order. */
export const OVER_BEFORE: Verdict = { state: 'already_gone', errorCause: null, detail: 'it was over before' };

export function unanswered(detail: string): Verdict {
  return { state: 'unanswered', errorCause: null, detail };
}

/** `errorCause`: RFC 5176 3.6, where the NAS gave one. */
export function refused(errorCause: number | null): Verdict {
  return { state: 'refused', errorCause, detail: `the router refused, Error-Cause ${errorCause ?? 'not given'}` };
}

export interface SessionOrdersDeps extends Pick<Database, 'db' | 'transact'> {
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing | undefined;
}

/**
 * The rows behind orders to NASes. A thousand sessions may have to end in one second, each with a job of its own: what the
 * jobs read and write at the same time is one statement, not a thousand.
 */
export interface SessionOrders {
  find(commandId: string): Promise<CommandWork | undefined>;
  /** False when the command has come to an end meanwhile. */
  claim(commandId: string): Promise<boolean>;
  /** Undefined when the NAS is gone or has no address. */
  nasOf(routerId: string): Promise<NasTarget | undefined>;
  finish(commandId: string, verdict: Verdict): Promise<void>;
  /** Like `finish`; a rate that was acknowledged becomes the session's. */
  finishRate(commandId: string, verdict: Verdict): Promise<void>;
}

export function createSessionOrders({ db, transact, secretBox, clock }: SessionOrdersDeps): SessionOrders {
  const find = coalesce(async (ids: readonly string[]) => {
    const works = new Map((await findCommandWorks(db, ids)).map((work) => [work.id, work]));
    return ids.map((id) => works.get(id));
  });

  const claim = coalesce(async (ids: readonly string[]) => {
    const claimed = await markSent(db, ids);
    return ids.map((id) => claimed.has(id));
  });

  const nasOf = coalesce(async (routerIds: readonly string[]) => {
    const known = new Map<string, NasTarget | undefined>();
    for (const id of new Set(routerIds)) known.set(id, await findNasTarget(db, secretBox, id));
    return routerIds.map((id) => known.get(id));
  });

  const finish = coalesce(async (finished: readonly Finished[]) => {
    await finishCommands(db, stamped(finished));
    return finished.map(() => undefined);
  });

  const finishRate = coalesce(async (finished: readonly Finished[]) => {
    const taken = finished.filter(({ verdict }) => verdict.state === 'acknowledged').map(({ id }) => id);
    await transact(async (tx) => {
      await noteRates(tx, taken);
      await finishCommands(tx, stamped(finished));
    });
    return finished.map(() => undefined);
  });

  function stamped(finished: readonly Finished[]) {
    const at = clock.now();
    return finished.map(({ id, verdict }) => ({ id, ...verdict, at }));
  }

  return {
    find,
    claim,
    nasOf,
    finish: (id, verdict) => finish({ id, verdict }),
    finishRate: (id, verdict) => finishRate({ id, verdict }),
  };
}

interface Finished {
  readonly id: string;
  readonly verdict: Verdict;
}
