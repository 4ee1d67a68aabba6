import type { Tx } from '@turnpike/db/database.js';
import { addManyToOutbox } from '@turnpike/db/outbox.store.js';
import { insertCommands } from './session-command.store.js';
import { lockRunningSessions, markClosing, type SessionSelection } from './session-ending.store.js';

export interface EndRequest extends SessionSelection {
  /** Why, for people. */
  readonly reason: string;
  /** Operator id, or `system`. */
  readonly actor: string;
  /** Of what ends them, by entitlement, where several have one each; default: of the span that the caller is in. */
  readonly traceparents?: ReadonlyMap<string, string> | undefined;
}

export interface EndedSession {
  readonly sessionId: string;
  readonly username: string;
  readonly commandId: string;
}

/**
 * Orders the NAS to end running sessions: one command and one job each, in the caller's transaction; a handful of
 * statements however many there are. A session that is being ended already keeps its command. The sessions are closed by
 * accounting, never here.
 */
export type SessionEnder = (tx: Tx, request: EndRequest) => Promise<EndedSession[]>;

export const endSessions: SessionEnder = async (tx, { reason, actor, traceparents, ...selection }) => {
  const running = await lockRunningSessions(tx, selection);
  const ending = running.filter((session) => session.openCommandId === null);
  const fresh = ending.map((session) => session.id);
  const commandIds = await insertCommands(
    tx,
    fresh.map((sessionId) => ({ sessionId, kind: 'disconnect', reason, requestedBy: actor })),
  );
  await markClosing(tx, fresh);
  await addManyToOutbox(
    tx,
    'session.disconnect',
    commandIds.map((commandId) => ({ commandId })),
    (index) => traceparents?.get(ending[index]?.entitlementId ?? ''),
  );
  const made = new Map(fresh.map((sessionId, index) => [sessionId, commandIds[index]]));
  return running.flatMap(({ id: sessionId, username, openCommandId }) => {
    const commandId = openCommandId ?? made.get(sessionId);
    return commandId === undefined ? [] : [{ sessionId, username, commandId }];
  });
};
