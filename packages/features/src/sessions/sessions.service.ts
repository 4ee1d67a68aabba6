import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { SessionCommandView, SessionView } from '@turnpike/contracts/sessions.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Rate } from '@turnpike/core/fair-use.js';
import type { Page, PageQuery } from '@turnpike/core/page.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ServiceType, SessionState } from '@turnpike/db/generated/client.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { orderRates } from './rate-changer.js';
import { historyCursor, historyPlace } from './history-cursor.js';
import { findCommandRow } from './session-command.store.js';
import { lockRunningSessions } from './session-ending.store.js';
import type { SessionEnder } from './session-ender.js';
import { listHistoryRows } from './session-history.store.js';
import { findSessionRow, findSessionState, listHolders, type SessionRow } from './session.store.js';
import { sessionCommandView, sessionView } from './session.view.js';

export interface SessionQuery extends PageQuery {
  /** `open` takes in those that are being disconnected: they are online until the NAS says otherwise. */
  readonly state?: SessionState | undefined;
  readonly username?: string | undefined;
  readonly routerId?: string | undefined;
  readonly customerId?: string | undefined;
  /** Of what was bought; sessions that nothing was bought for are of neither. */
  readonly service?: ServiceType | undefined;
  /** Of who asks; null and undefined: all. */
  readonly sites?: readonly string[] | null | undefined;
}

export type SessionHistoryQuery = Omit<SessionQuery, 'state'> & {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

export interface IpHolders {
  readonly ip: string;
  readonly at: string;
  readonly items: SessionView[];
}

export interface SessionsService {
  list(query: SessionQuery): Promise<Page<SessionView>>;
  /** Throws `not_found`. */
  get(id: string): Promise<SessionView>;
  /** Orders the NAS to end one session. `not_found`, or `conflict` when it is closed already. */
  disconnect(sessionId: string, context: ChangeContext): Promise<{ commandId: string }>;
  /** Orders the NAS to change the rate of one session. `not_found`, or `conflict` when it is over or being ended. */
  changeRate(sessionId: string, rate: Rate, context: ChangeContext): Promise<{ commandId: string }>;
  getCommand(id: string): Promise<SessionCommandView>;
  /** Sessions that ran within a time, closed ones too; what began last comes first. */
  history(query: SessionHistoryQuery): Promise<Page<SessionView>>;
  /** Who had an address at an instant, now by default. Asking is audited: the answer is about people. */
  whoHad(
    query: { ip: string; at?: string | undefined } & Pick<SessionQuery, 'sites'>,
    context: ChangeContext,
  ): Promise<IpHolders>;
}

export interface SessionsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly endSessions: SessionEnder;
  readonly live: { publish(event: LiveEvent): unknown };
  /** Tells the outbox relay that there is work. */
  readonly wake: () => void;
  readonly clock: Clock;
}

/** More holders of one address at one instant than there are routers with the same private network. */
const MOST_HOLDERS = 500;

export function createSessionsService(deps: SessionsDeps): SessionsService {
  const { db, transact, endSessions, live, wake, clock } = deps;
  return {
    list: async ({ limit, cursor, ...filter }) => {
      const { state, sites = null } = filter;
      const asked = { ...filter, sites, from: undefined, to: undefined, states: statesOf(state) };
      return historyPage(await listHistoryRows(db, { ...asked, after: historyPlace(cursor), limit }), limit);
    },

    get: async (id) => {
      const row = await findSessionRow(db, id);
      if (row === null) throw new AppError('not_found', 'there is no such session');
      return sessionView(row);
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

    changeRate: async (sessionId, rate, context) => {
      const commandId = await transact(async (tx) => {
        const username = await changeable(tx, sessionId);
        const [id] = await orderRates(tx, [
          { sessionId, rate, fairUseStep: null, reason: 'changed by an operator', actor: context.actor },
        ]);
        if (id === undefined) throw new AppError('internal', 'the order was not stored');
        await appendAudit(tx, {
          ...context,
          action: 'session.rate',
          subjectType: 'session',
          subjectId: sessionId,
          details: { commandId: id, username, ...rate },
        });
        return id;
      });
      wake();
      return { commandId };
    },

    history: async ({ limit, cursor, from, to, ...filter }) => {
      const range = { from: instantOf(from), to: instantOf(to) };
      if (range.from !== undefined && range.to !== undefined && range.to <= range.from) {
        throw invalidField('to', 'must be after from');
      }
      const { sites = null } = filter;
      const rows = await listHistoryRows(db, { ...filter, sites, ...range, after: historyPlace(cursor), limit });
      return historyPage(rows, limit);
    },

    whoHad: (query, context) =>
      transact(async (tx) => {
        const at = instantOf(query.at) ?? clock.now();
        const items = (await listHolders(tx, { ip: query.ip, at, sites: query.sites, limit: MOST_HOLDERS })).map(
          sessionView,
        );
        await appendAudit(tx, {
          ...context,
          action: 'session.lookup_ip',
          subjectType: 'ip_address',
          subjectId: query.ip,
          details: { at: at.toISOString(), sessions: items.length },
        });
        return { ip: query.ip, at: at.toISOString(), items };
      }),

    getCommand: async (id) => {
      const row = await findCommandRow(db, id);
      if (row === null) throw new AppError('not_found', `there is no session command ${id}`);
      return sessionCommandView(row);
    },
  };
}

/** The user name of a session whose rate may be changed. */
async function changeable(tx: Tx, sessionId: string): Promise<string> {
  const [session] = await lockRunningSessions(tx, { sessionId });
  if (session === undefined) throw notRunning(sessionId, await findSessionState(tx, sessionId));
  if (session.state === 'closing') throw new AppError('conflict', 'this session is being ended');
  return session.username;
}

function instantOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function notRunning(sessionId: string, state: string | undefined): AppError {
  if (state === undefined) return new AppError('not_found', `there is no session ${sessionId}`);
  return new AppError('conflict', 'this session is closed already');
}

function statesOf(state: SessionState | undefined): SessionState[] | undefined {
  if (state === undefined) return undefined;
  return state === 'open' ? ['open', 'closing'] : [state];
}

/** `rows`: one more than `limit` when there are more. */
function historyPage(rows: readonly SessionRow[], limit: number): Page<SessionView> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? historyCursor(last) : null;
  return { items: shown.map(sessionView), nextCursor };
}
