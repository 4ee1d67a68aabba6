import { z } from 'zod';
import { id, idParams, instant, octets, page, pageQueryShape, searchText } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'sessions';

export const sessionStates = ['open', 'closing', 'closed', 'stale'] as const;

export const session = z.object({
  id,
  state: z.enum(sessionStates),
  username: z.string(),
  acctSessionId: z.string(),
  router: z.object({ id, name: z.string() }),
  customerId: id.nullable(),
  framedIpAddress: z.string().nullable(),
  callingStationId: z.string().nullable(),
  startedAt: instant,
  lastSeenAt: instant,
  stoppedAt: instant.nullable(),
  sessionSeconds: z.number().int(),
  /** From the NAS's side: input is what the customer sent. */
  inputOctets: octets,
  outputOctets: octets,
  terminateCause: z.number().int().nullable(),
});
export type SessionView = z.infer<typeof session>;

const filters = {
  ...pageQueryShape,
  username: searchText(128).optional(),
  routerId: id.optional(),
};

export const listSessions = endpoint({
  method: 'get',
  path: '/sessions',
  tag,
  summary: 'Sessions, newest first; state=open for who is online now, those being disconnected included',
  allow: 'sessions:read',
  query: z.strictObject({ ...filters, state: z.enum(sessionStates).optional() }),
  response: page(session),
});

export const listCustomerSessions = endpoint({
  method: 'get',
  path: '/customers/{id}/sessions',
  tag: 'customers',
  summary: 'Sessions of a customer, newest first',
  allow: 'sessions:read',
  params: idParams,
  query: z.strictObject(pageQueryShape),
  response: page(session),
});

export const disconnectSession = endpoint({
  method: 'post',
  path: '/sessions/{id}/disconnect',
  tag,
  summary: 'Order the router to end a session; it is closed when accounting or the router says so',
  allow: 'sessions:disconnect',
  params: idParams,
  status: 202,
  response: z.object({ commandId: id }),
});

export const getSessionCommand = endpoint({
  method: 'get',
  path: '/session-commands/{id}',
  tag,
  summary: 'What came of an order to a router',
  allow: 'sessions:read',
  params: idParams,
  response: z.object({
    id,
    sessionId: id,
    kind: z.string(),
    state: z.enum(['queued', 'sent', 'acknowledged', 'already_gone', 'refused', 'unanswered']),
    attempts: z.number().int(),
    errorCause: z.number().int().nullable(),
    createdAt: instant,
    finishedAt: instant.nullable(),
  }),
});
