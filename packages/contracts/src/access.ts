import { z } from 'zod';
import { REJECT_REASONS } from '@turnpike/core/reject-reasons.js';
import { id, idParams, instant, isStorable, NOT_STORABLE } from './common.js';
import { endpoint } from './endpoint.js';
import { session } from './sessions.js';

/** `accept`, or why not. */
export const accessOutcomes = ['accept', ...REJECT_REASONS] as const;

export const loginMethods = ['pap', 'chap', 'mschapv2', 'eap', 'none', 'mac', 'voucher'] as const;

export const accessDecision = z.object({
  at: instant,
  outcome: z.enum(accessOutcomes),
  method: z.enum(loginMethods),
  /** Null: the router is gone. */
  router: z.object({ id, name: z.string() }).nullable(),
  /** MAC address, or what else the router calls it; null: it did not say. */
  device: z.string().nullable(),
  /** The decision in words. */
  message: z.string(),
});
export type AccessDecisionView = z.infer<typeof accessDecision>;

export const accessAnswer = z.object({
  customerId: id,
  username: z.string(),
  /** What stands in the way now; `accept`: nothing. */
  verdict: z.enum(accessOutcomes),
  /** The verdict in words. */
  message: z.string(),
  /** What to do about it; null: nothing. */
  remedy: z.string().nullable(),
  /** Newest first: the last login that was let in, and up to ten that were refused in the last seven days. */
  lastDecisions: z.array(accessDecision),
  /** Devices that hold a place of the package, and until when if nothing is heard of them. */
  devicesOnline: z.array(z.object({ device: z.string(), name: z.string().nullable(), until: instant })),
  openSessions: z.array(session),
});
export type AccessAnswer = z.infer<typeof accessAnswer>;

export const explainAccess = endpoint({
  method: 'get',
  path: '/customers/{id}/why',
  tag: 'customers',
  summary:
    'Why a customer can, or cannot, get online: what would be decided now, what was decided last, and what to do',
  allow: 'customers:read',
  params: idParams,
  response: accessAnswer,
});

export const listAccessDecisions = endpoint({
  method: 'get',
  path: '/access/decisions',
  tag: 'customers',
  summary: 'The last decisions on logins with a username or voucher code, also of one that nobody has',
  allow: 'customers:read',
  query: z.strictObject({ username: z.string().min(1).max(253).refine(isStorable, NOT_STORABLE) }),
  response: z.object({
    /** Null: nobody has this username. */
    customerId: id.nullable(),
    message: z.string(),
    items: z.array(accessDecision),
  }),
});
