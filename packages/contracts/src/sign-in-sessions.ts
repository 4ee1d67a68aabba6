import { z } from 'zod';
import { id, idParams, instant } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'operators';

export const signInSession = z.object({
  id,
  createdAt: instant,
  /** To the minute; null: not used yet. */
  lastSeenAt: instant.nullable(),
  expiresAt: instant,
  /** What the browser said of itself, and the address it came from, when the session began. */
  userAgent: z.string(),
  ip: z.string(),
  /** The session that asks. */
  current: z.boolean(),
});
export type SignInSessionView = z.infer<typeof signInSession>;

/** One answer has them all: the oldest are left out where there are more than 200. */
const signInSessions = z.object({ items: z.array(signInSession), nextCursor: z.null() });

export const listMySessions = endpoint({
  method: 'get',
  path: '/me/sessions',
  tag,
  summary: 'Where I am signed in, newest first',
  allow: 'signed-in',
  response: signInSessions,
});

export const revokeMySession = endpoint({
  method: 'delete',
  path: '/me/sessions/{id}',
  tag,
  summary: 'End one of my sessions, everywhere, at once',
  allow: 'signed-in',
  params: idParams,
  status: 204,
  response: z.null(),
});

export const listOperatorSessions = endpoint({
  method: 'get',
  path: '/operators/{id}/sessions',
  tag,
  summary: 'Where an operator is signed in, newest first',
  allow: 'operators:manage',
  params: idParams,
  response: signInSessions,
});

export const revokeOperatorSession = endpoint({
  method: 'delete',
  path: '/operators/{id}/sessions/{sessionId}',
  tag,
  summary: 'End a session of an operator, everywhere, at once',
  allow: 'operators:manage',
  params: z.strictObject({ id, sessionId: id }),
  status: 204,
  response: z.null(),
});
