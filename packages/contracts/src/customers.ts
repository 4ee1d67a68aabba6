import { z } from 'zod';
import { id, idParams, instant, isStorable, NOT_STORABLE, octets, page, pageQueryShape, searchText } from './common.js';
import { endpoint } from './endpoint.js';
import { language } from './languages.js';
import { soldTerms, validFroms } from './packages.js';

const tag = 'customers';

/** RADIUS User-Name: at most 253 octets (RFC 2865 5.1). */
const username = z
  .string()
  .min(1)
  .max(128)
  .refine((text) => isStorable(text) && !/[\u2028\u2029]/.test(text), NOT_STORABLE)
  .refine((text) => text === text.trim(), 'must not start or end with a space')
  .refine((text) => new TextEncoder().encode(text).byteLength <= 253, 'must be at most 253 bytes');
const servicePassword = z.string().min(6, 'must be at least 6 characters').max(128).refine(isStorable, NOT_STORABLE);

export const customer = z.object({
  id,
  /** A phone number, as username too, is shown whole to owners and admins, an e-mail address too; others see `2547••••1234`. */
  username: z.string(),
  msisdn: z.string().nullable(),
  email: z.string().nullable(),
  language,
  /** False: no receipts and notices are sent. */
  notices: z.boolean(),
  status: z.enum(['active', 'suspended']),
  /** Only devices on the customer's list may log in. */
  devicesOnly: z.boolean(),
  createdAt: instant,
  /** Personal data was erased then. */
  erasedAt: instant.nullable(),
});
export type CustomerView = z.infer<typeof customer>;

export const entitlementStates = ['pending', 'active', 'expired', 'exhausted', 'suspended', 'refunded'] as const;

/** The right to be online that a purchase gives, with the terms that were sold. */
export const entitlement = soldTerms.extend({
  id,
  customerId: id,
  packageId: id,
  packageName: z.string(),
  state: z.enum(entitlementStates),
  /** Pending until then; what waits for its first login may begin from then on. */
  startsAt: instant,
  /** Of what waits for its first login: the year 9999. */
  endsAt: instant,
  validFrom: z.enum(validFroms),
  /** How long it is valid once it begins; null: it has begun. */
  validForSeconds: z.number().int().nullable(),
  usedOctets: octets,
  usedSeconds: octets,
  /** Since when it is suspended; the time from then on is given back. */
  suspendedAt: instant.nullable(),
});
export type EntitlementView = z.infer<typeof entitlement>;

/** What is left of an entitlement at the moment of asking; null: it has no such limit. */
export const entitlementLeft = z.object({
  /** Until it ends; of what has not begun or is suspended, once it goes on. */
  seconds: z.number().int(),
  onlineSeconds: z.number().int().nullable(),
  octets: octets.nullable(),
  /** More devices that may be online at once. */
  devices: z.number().int(),
});
export type EntitlementLeft = z.infer<typeof entitlementLeft>;

export const entitlementWithLeft = entitlement.extend({ left: entitlementLeft });
export type EntitlementWithLeft = z.infer<typeof entitlementWithLeft>;

/** By what a customer was found. */
export const matchKinds = [
  'username',
  'msisdn',
  'email',
  'device',
  'online_device',
  'ip',
  'receipt',
  'voucher',
] as const;
export type MatchKind = (typeof matchKinds)[number];

const email = z.email('must be an e-mail address').max(254);

export const listCustomers = endpoint({
  method: 'get',
  path: '/customers',
  tag,
  summary:
    'List customers, or search by part of the username, phone number in any notation or four of its digits, e-mail address, ' +
    'MAC address in any notation, M-Pesa receipt, voucher code, or the IP address of a running session',
  allow: 'customers:read',
  query: z.strictObject({ ...pageQueryShape, q: searchText(128).optional() }),
  response: page(customer.extend({ matched: z.array(z.enum(matchKinds)) })),
});

export const createCustomer = endpoint({
  method: 'post',
  path: '/customers',
  tag,
  summary:
    'Add a customer; without a username the phone number is it, without a password one is made and shown this once',
  allow: 'customers:write',
  body: z.strictObject({
    username: username.optional(),
    msisdn: z.string().max(32).optional(),
    password: servicePassword.optional(),
    email: email.optional(),
    language: language.optional(),
    devicesOnly: z.boolean().optional(),
  }),
  status: 201,
  response: customer.extend({ password: z.string().nullable() }),
});

export const getCustomer = endpoint({
  method: 'get',
  path: '/customers/{id}',
  tag,
  summary: 'One customer',
  allow: 'customers:read',
  params: idParams,
  response: customer,
});

export const updateCustomer = endpoint({
  method: 'patch',
  path: '/customers/{id}',
  tag,
  summary: 'Change how a customer logs in and is written to, or let only listed devices in',
  allow: 'customers:write',
  params: idParams,
  body: z.strictObject({
    username: username.optional(),
    msisdn: z.string().max(32).nullable().optional(),
    password: servicePassword.optional(),
    email: email.nullable().optional(),
    language: language.optional(),
    /** False: receipts and notices are no longer sent. */
    notices: z.boolean().optional(),
    /** True ends the sessions of devices that are not on the list. */
    devicesOnly: z.boolean().optional(),
  }),
  response: customer,
});

export const deleteCustomer = endpoint({
  method: 'delete',
  path: '/customers/{id}',
  tag,
  summary: 'Delete a customer who never had access, and end what is open; 409 otherwise (suspend instead)',
  allow: 'customers:write',
  params: idParams,
  status: 204,
  response: z.null(),
});

export const suspendCustomer = endpoint({
  method: 'post',
  path: '/customers/{id}/suspend',
  tag,
  summary: 'Refuse new logins and end open sessions',
  allow: 'customers:write',
  params: idParams,
  response: customer,
});

export const resumeCustomer = endpoint({
  method: 'post',
  path: '/customers/{id}/resume',
  tag,
  summary: 'Let a suspended customer in again',
  allow: 'customers:write',
  params: idParams,
  response: customer,
});

export const revealPhone = endpoint({
  method: 'post',
  path: '/customers/{id}/reveal-phone',
  tag,
  summary: 'Phone number, e-mail address and username of one customer, whole; asking is written to the audit trail',
  allow: 'customers:write',
  params: idParams,
  response: z.object({ username: z.string(), msisdn: z.string().nullable(), email: z.string().nullable() }),
});

export const grantPackage = endpoint({
  method: 'post',
  path: '/customers/{id}/grants',
  tag,
  summary:
    'Give a package without payment; what that does to one that runs is what the package says of buying it again',
  allow: 'grants:write',
  params: idParams,
  body: z.strictObject({ packageId: id }),
  status: 201,
  response: entitlement,
});

export const listEntitlements = endpoint({
  method: 'get',
  path: '/customers/{id}/entitlements',
  tag,
  summary: 'Entitlements of a customer, newest first',
  allow: 'customers:read',
  params: idParams,
  response: z.object({ items: z.array(entitlement) }),
});

export const getEntitlement = endpoint({
  method: 'get',
  path: '/entitlements/{id}',
  tag,
  summary: 'One entitlement with what is left of it now',
  allow: 'customers:read',
  params: idParams,
  response: entitlementWithLeft,
});

const changedEntitlement = {
  method: 'post',
  tag,
  allow: 'grants:write',
  params: idParams,
  response: entitlement,
} as const;

export const suspendEntitlement = endpoint({
  ...changedEntitlement,
  path: '/entitlements/{id}/suspend',
  summary: 'Refuse logins on it and end its sessions; the time left is kept',
});

export const resumeEntitlement = endpoint({
  ...changedEntitlement,
  path: '/entitlements/{id}/resume',
  summary: 'Go on with what was left of time and data when it was suspended',
});

export const refundEntitlement = endpoint({
  ...changedEntitlement,
  path: '/entitlements/{id}/refund',
  summary: 'Take it back for good and end its sessions; moves no money yet',
});
