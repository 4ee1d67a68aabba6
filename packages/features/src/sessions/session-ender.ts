import type { Tx } from '@turnpike/db/database.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import { insertDisconnectCommand, lockRunningSessions, type SessionSelection } from './session-command.store.js';
import { markClosing } from './session.store.js';

export interface EndRequest extends SessionSelection {
  /** Why, for people. */
  readonly reason: string;
  /** Operator id, or `system`. */
  readonly actor: string;
}

export interface EndedSession {
  readonly sessionId: string;
  readonly username: string;
  readonly commandId: string;
}

/**
 * Orders the NAS to end running sessions: one command and one job each, in the caller's transaction. A session that is
 * being ended already keeps its command. The sessions are closed by accounting, never here.
 */
export type SessionEnder = (tx: Tx, request: EndRequest) => Promise<EndedSession[]>;

export const endSessions: SessionEnder = async (tx, { reason, actor, ...selection }) => {
  const ended: EndedSession[] = [];
  for (const { id: sessionId, username, openCommandId } of await lockRunningSessions(tx, selection)) {
    const commandId = openCommandId ?? (await insertDisconnectCommand(tx, { sessionId, reason, requestedBy: actor }));
    if (openCommandId === null) {
      await markClosing(tx, sessionId);
      await addToOutbox(tx, 'session.disconnect', { commandId });
    }
    ended.push({ sessionId, username, commandId });
  }
  return ended;
};
