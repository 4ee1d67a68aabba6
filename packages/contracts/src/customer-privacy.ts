import { z } from 'zod';
import { idParams, instant } from './common.js';
import { customer, entitlement } from './customers.js';
import { customerDevice } from './devices.js';
import { endpoint } from './endpoint.js';
import { notification } from './notifications.js';
import { session } from './sessions.js';

const tag = 'customers';
const amountMinor = z.number().int();

const heldPayment = z.object({
  id: z.uuid(),
  provider: z.string(),
  state: z.string(),
  purpose: z.string(),
  amountMinor,
  currency: z.string(),
  msisdn: z.string().nullable(),
  paidMsisdn: z.string().nullable(),
  mac: z.string().nullable(),
  receipt: z.string().nullable(),
  detail: z.string().nullable(),
  createdAt: instant,
  settledAt: instant.nullable(),
  refundedAt: instant.nullable(),
  /** What providers said of it, raw. */
  messages: z.array(z.object({ kind: z.string(), body: z.string(), receivedAt: instant })),
});

const walletEntry = z.object({
  at: instant,
  description: z.string(),
  /** Minor units as digits, negative when taken out. */
  amountMinor: z.string(),
  balanceMinor: z.string(),
  currency: z.string(),
});

/** At most so many sessions; `complete` says whether these are all. */
export const EXPORTED_SESSIONS = 20_000;

export const customerExport = z.object({
  exportedAt: instant,
  /** The password is kept encrypted and is not part of it. */
  customer,
  devices: z.array(customerDevice),
  entitlements: z.array(entitlement),
  payments: z.array(heldPayment),
  wallet: z.array(walletEntry),
  /** Newest first. */
  sessions: z.object({ complete: z.boolean(), items: z.array(session) }),
  notifications: z.array(notification),
  /** What operators and the system did with this customer. */
  history: z.array(z.object({ at: instant, actor: z.string(), action: z.string(), details: z.unknown() })),
});
export type CustomerExport = z.infer<typeof customerExport>;

export const exportCustomer = endpoint({
  method: 'get',
  path: '/customers/{id}/export',
  tag,
  summary:
    'Everything that is held about a customer, for the customer; that it was asked for is written to the audit trail',
  allow: 'customers:export',
  stepUp: true,
  params: idParams,
  response: customerExport,
});

export const eraseCustomer = endpoint({
  method: 'post',
  path: '/customers/{id}/erase',
  tag,
  summary:
    'Erase the personal data of a customer for good; money and usage stay without the person. 409 while something is active, ' +
    'unless `endAccess` is true, and while money of the customer is on its way or in the wallet',
  allow: 'customers:export',
  stepUp: true,
  params: idParams,
  body: z.strictObject({
    /** The username, typed again. */
    confirm: z.string().max(253),
    /** True: access that is left ends now, without refund. */
    endAccess: z.boolean().optional(),
  }),
  response: z.object({
    customer,
    /** Sessions that routers were ordered to end; their records are made anonymous once they have ended. */
    sessionsEnding: z.number().int(),
    /** What stays, and why, in words. */
    kept: z.array(z.string()),
  }),
});
export type Erasure = z.infer<(typeof eraseCustomer)['response']>;
