import { z } from 'zod';
import { id } from './common.js';
import { endpoint } from './endpoint.js';
import { paymentStates } from './payments.js';
import { provisioningStatus } from './provisioning.js';
import { routerStatus } from './routers.js';

/** What the live stream tells. An event only says that something changed and how it is now; the database has it all. */
export const liveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('provisioning'), routerId: id, status: provisioningStatus }),
  z.object({ type: z.literal('router-status'), routerId: id, status: routerStatus }),
  z.object({ type: z.literal('session'), sessionId: id, username: z.string(), state: z.string() }),
  z.object({
    type: z.literal('payment'),
    paymentId: id,
    provider: z.string(),
    state: z.enum(paymentStates),
    amountMinor: z.number().int(),
    currency: z.string(),
  }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;

export const streamEvents = endpoint({
  method: 'get',
  path: '/events',
  tag: 'live',
  summary: 'Server-sent events: provisioning progress, router status, sessions, payments',
  allow: 'dashboard:read',
  query: z.strictObject({ routerId: id.optional() }),
  response: liveEvent,
  stream: true,
});
