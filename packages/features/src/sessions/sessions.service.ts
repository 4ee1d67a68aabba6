import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { SessionView } from '@turnpike/contracts/sessions.js';
import { AppError } from '@turnpike/core/app-error.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Database } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { findCommandRow } from './session-command.store.js';
import type { SessionEnder } from './session-ender.js';
import { findSessionState, listSessionRows, type SessionFilter } from './session.store.js';
import { sessionCommandView, sessionView } from './session.view.js';

export type SessionQuery = PageQuery & Pick<SessionFilter, 'state' | 'username' | 'routerId' | 'customerId'>;

export interface SessionsService {
  list(query: SessionQuery): Promise<Page<SessionView>>;
  /** Orders the NAS to end one session. `not_found`, or `conflict` when it is closed already. */
  disconnect(sessionId: string, context: ChangeContext): Promise<{ commandId: string }>;
  getCommand(id: string): Promise<ReturnType<typeof sessionCommandView>>;
}

export interface SessionsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly endSessions: SessionEnder;
  readonly live: { publish(event: LiveEvent): unknown };
  /** Tells the outbox relay that there is work. */
  readonly wake: () => void;
}

export function createSessionsService({ db, transact, endSessions, live, wake }: SessionsDeps): SessionsService {
  return {
    list: async ({ limit, cursor, ...filter }) => {
      const rows = await listSessionRows(db, { ...filter, after: cursorId(cursor), limit });
      return toPage(rows, limit, sessionView);
    },

    disconnect: async (sessionId, context) => {
      const ended = await transact(async (tx) => {
        const [session] = await endSessions(tx, { sessionId, reason: 'ended by an operator', actor: context.actor });
        if (session === undefined) throw notRunning(sessionId, await findSessionState(tx, sessionId));
        await appendAudit(tx, {
          ...context,
          action: 'session.disconnect',
          subjectType: 'session',
          subjectId: sessionId,
          details: { commandId: session.commandId, username: session.username },
        });
        return session;
      });
      wake();
      void live.publish({ type: 'session', sessionId, username: ended.username, state: 'closing' });
      return { commandId: ended.commandId };
    },

    getCommand: async (id) => {
      const row = await findCommandRow(db, id);
      if (row === null) throw new AppError('not_found', `there is no session command ${id}`);
      return sessionCommandView(row);
    },
  };
}

function notRunning(sessionId: string, state: string | undefined): AppError {
  if (state === undefined) return new AppError('not_found', `there is no session ${sessionId}`);
  return new AppError('conflict', 'this session is closed already');
}
