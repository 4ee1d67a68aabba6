import { z } from 'zod';
import { id, idParams, instant, octets, page, pageQueryShape, searchText } from './common.js';
import { endpoint } from './endpoint.js';
import { serviceTypes } from './packages.js';

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
  /** Fair-use step that the router was last told, 0: the full rate. */
  fairUseStep: z.number().int(),
  /** `up/down` as the router last acknowledged it; null: what it was given at the login. */
  rateLimit: z.string().nullable(),
});
export type SessionView = z.infer<typeof session>;

const filters = {
  ...pageQueryShape,
  username: searchText(128).optional(),
  routerId: id.optional(),
  /** Of what was bought; sessions that nothing was bought for are of neither. */
  service: z.enum(serviceTypes).optional(),
};

export const listSessions = endpoint({
  method: 'get',
  path: '/sessions',
  tag,
  summary: 'Sessions, newest first; state=open for who is online now, those being disconnected included',
  allow: 'sessions:read',
  scope: 'site',
  query: z.strictObject({ ...filters, state: z.enum(sessionStates).optional() }),
  response: page(session),
});

export const getSession = endpoint({
  method: 'get',
  path: '/sessions/{id}',
  tag,
  summary: 'One session, running or over',
  allow: 'sessions:read',
  scope: 'site',
  siteOf: 'session',
  params: idParams,
  response: session,
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

/** A day of use. Bytes from the NAS's side: input is what the customer sent. */
export const usageOfDay = z.object({
  day: z.iso.date(),
  inputOctets: octets,
  outputOctets: octets,
  /** That ran at some time of the day. */
  sessions: z.number().int(),
  /** Online, summed over sessions. */
  seconds: z.number().int(),
});
export type UsageOfDay = z.infer<typeof usageOfDay>;

export const MAX_USAGE_DAYS = 366;

export const getCustomerUsage = endpoint({
  method: 'get',
  path: '/customers/{id}/usage',
  tag,
  summary:
    'What a customer used on each day of `timeZone`, from the sessions that accounting keeps; of a session over several days each gets its part by time. `from` and `to` are days, both included; without them the last 30',
  allow: 'sessions:read',
  params: idParams,
  query: z.strictObject({
    from: z.iso.date().optional(),
    to: z.iso.date().optional(),
    step: z.enum(['day']).default('day'),
  }),
  response: z.object({
    timeZone: z.string(),
    /** Each day from `from` to `to`, oldest first, days without use too. */
    days: z.array(usageOfDay),
    /** Of all days together; a session that ran on several days counts once. */
    total: usageOfDay.omit({ day: true }),
  }),
});

export const disconnectSession = endpoint({
  method: 'post',
  path: '/sessions/{id}/disconnect',
  tag,
  summary: 'Order the router to end a session; it is closed when accounting or the router says so',
  allow: 'sessions:disconnect',
  scope: 'site',
  siteOf: 'session',
  params: idParams,
  status: 202,
  response: z.object({ commandId: id }),
});

const kbps = z.number().int().min(1).max(100_000_000);

export const rateOfSession = z.object({ downKbps: kbps, upKbps: kbps });

export const changeSessionRate = endpoint({
  method: 'post',
  path: '/sessions/{id}/rate',
  tag,
  summary: 'Order the router to change the rate of a running session, without ending it',
  allow: 'sessions:disconnect',
  scope: 'site',
  siteOf: 'session',
  params: idParams,
  body: z.strictObject({ downKbps: kbps, upKbps: kbps }),
  status: 202,
  response: z.object({ commandId: id }),
});

export const sessionCommandStates = [
  'queued',
  'sent',
  'acknowledged',
  'already_gone',
  'refused',
  'unanswered',
  'removed',
  'superseded',
] as const;

export const sessionCommand = z.object({
  id,
  sessionId: id,
  /** limits: new time and data limits for a session that goes on. */
  kind: z.enum(['disconnect', 'rate', 'limits']),
  /** Of a rate. */
  rate: rateOfSession.nullable(),
  reason: z.string(),
  requestedBy: z.string(),
  /**
   * acknowledged: the router promised. already_gone: it had no such session any more. removed: taken out through its API and
   * seen to be gone. refused, unanswered: `detail` says why. superseded: a newer order took its place.
   */
  state: z.enum(sessionCommandStates),
  attempts: z.number().int(),
  /** Error-Cause (RFC 5176 3.5). */
  errorCause: z.number().int().nullable(),
  detail: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type SessionCommandView = z.infer<typeof sessionCommand>;

export const getSessionCommand = endpoint({
  method: 'get',
  path: '/session-commands/{id}',
  tag,
  summary: 'What came of an order to a router',
  allow: 'sessions:read',
  scope: 'site',
  siteOf: 'session-command',
  params: idParams,
  response: sessionCommand,
});

export const listSessionHistory = endpoint({
  method: 'get',
  path: '/sessions/history',
  tag,
  summary: 'Sessions that ran at some time between `from` and `to`, closed ones too, newest first',
  allow: 'sessions:read',
  scope: 'site',
  query: z.strictObject({ ...filters, customerId: id.optional(), from: instant.optional(), to: instant.optional() }),
  response: page(session),
});

export const lookupIp = endpoint({
  method: 'get',
  path: '/lookup/ip',
  tag,
  summary: 'Who had an address at an instant (now, unless told); the question is written to the audit trail',
  allow: 'sessions:read',
  scope: 'site',
  query: z.strictObject({ ip: z.ipv4(), at: instant.optional() }),
  response: z.object({
    ip: z.ipv4(),
    at: instant,
    /** Newest first; several where routers give the same private addresses. */
    items: z.array(session),
  }),
});
