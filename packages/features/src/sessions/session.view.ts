import { rateOfSession, type SessionCommandView, type SessionView } from '@turnpike/contracts/sessions.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import { usernameFor } from '../customers/phone-view.js';
import type { SessionCommandRow } from './session-command.store.js';
import type { SessionRow } from './session.store.js';

export function sessionView(row: SessionRow): SessionView {
  return {
    id: row.id,
    state: row.state,
    username: row.username,
    acctSessionId: row.acctSessionId,
    router: { id: row.router.id, name: row.router.name },
    customerId: row.customerId,
    framedIpAddress: row.framedIpAddress,
    callingStationId: row.callingStationId,
    startedAt: row.startedAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    stoppedAt: row.stoppedAt?.toISOString() ?? null,
    sessionSeconds: row.sessionSeconds,
    inputOctets: row.inputOctets.toString(),
    outputOctets: row.outputOctets.toString(),
    // Stored as 0: the Stop named no cause.
    terminateCause: row.terminateCause === 0 ? null : row.terminateCause,
    fairUseStep: row.fairUseStep,
    rateLimit: row.rateLimit,
  };
}

/** A list of sessions as a role sees it: usernames that are phone numbers may be masked. */
export function sessionsFor<List extends { readonly items: readonly SessionView[] }>(
  role: Role,
  list: List,
): Omit<List, 'items'> & { items: SessionView[] } {
  return { ...list, items: list.items.map((item) => sessionFor(role, item)) };
}

export function sessionFor(role: Role, session: SessionView): SessionView {
  return { ...session, username: usernameFor(role, session.username) };
}

export function sessionCommandView(row: SessionCommandRow): SessionCommandView {
  return {
    id: row.id,
    sessionId: row.sessionId,
    kind: row.kind === 'rate' || row.kind === 'limits' ? row.kind : 'disconnect',
    rate: row.kind === 'rate' ? ratesOf(row.params) : null,
    reason: row.reason,
    requestedBy: row.requestedBy,
    state: row.state,
    attempts: row.attempts,
    errorCause: row.errorCause,
    detail: row.detail,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

function ratesOf(params: unknown): SessionCommandView['rate'] {
  return rateOfSession.safeParse(params).data ?? null;
}
