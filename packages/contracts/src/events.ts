import { z } from 'zod';
import { id } from './common.js';
import { endpoint } from './endpoint.js';
import { paymentStates } from './payments.js';
import type { Permission } from './permissions.js';
import { provisioningStatus } from './provisioning.js';
import { routerStatus } from './routers.js';

/** What the live stream tells. An event only says that something changed and how it is now; the database has it all. */
export const liveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('provisioning'), routerId: id, status: provisioningStatus }),
  z.object({ type: z.literal('router-status'), routerId: id, status: routerStatus }),
  /** Load, memory and disk of some routers were read anew; told for all of them at once. */
  z.object({ type: z.literal('router-readings') }),
  z.object({ type: z.literal('session'), sessionId: id, username: z.string(), state: z.string() }),
  z.object({
    type: z.literal('payment'),
    paymentId: id,
    provider: z.string(),
    state: z.enum(paymentStates),
    amountMinor: z.number().int(),
    currency: z.string(),
  }),
  /** Something of a topic (the tag of the endpoint) was written through the API; `id`: which one, when it is one thing. */
  z.object({ type: z.literal('changed'), topic: z.string(), id: z.string().nullable() }),
  /** Events were missed: read everything again. */
  z.object({ type: z.literal('reset') }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;

/** Who hears that something of a topic has changed: who may read it. Every tag with an endpoint that writes is here. */
export const topicReaders: Readonly<Record<string, Permission>> = {
  agents: 'ledger:read',
  alerts: 'alerts:read',
  customers: 'customers:read',
  ledger: 'ledger:read',
  notifications: 'notifications:read',
  operations: 'operations:read',
  operators: 'operators:manage',
  packages: 'packages:read',
  payments: 'payments:read',
  provisioning: 'provisioning:read',
  reports: 'reports:read',
  routers: 'routers:read',
  sessions: 'sessions:read',
  settings: 'settings:manage',
  vouchers: 'vouchers:read',
};

export const streamEvents = endpoint({
  method: 'get',
  path: '/events',
  tag: 'live',
  summary:
    'Server-sent events: provisioning progress, router status, sessions, payments, and what was changed through the API. ' +
    'Each has an id; who comes back with it (Last-Event-ID header or lastEventId) gets what was missed, or one `reset`',
  allow: 'dashboard:read',
  scope: 'site',
  query: z.strictObject({
    routerId: id.optional(),
    /** For callers who cannot set the Last-Event-ID header; the header goes before it. */
    lastEventId: z.string().max(64).optional(),
  }),
  response: liveEvent,
  stream: true,
});
