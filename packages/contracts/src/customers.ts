import { z } from 'zod';
import { id, idParams, instant, isStorable, NOT_STORABLE, octets, page, pageQueryShape, searchText } from './common.js';
import { endpoint } from './endpoint.js';
import { soldTerms } from './packages.js';

const tag = 'customers';

/** RADIUS User-Name: at most 253 octets (RFC 2865 5.1). */
const username = z
  .string()
  .min(1)
  .max(128)
  .refine((text) => isStorable(text) && !/[\u2028\u2029]/.test(text), NOT_STORABLE)
  .refine((text) => text === text.trim(), 'must not start or end with a space')
  .refine((text) => Buffer.byteLength(text, 'utf8') <= 253, 'must be at most 253 bytes');
const servicePassword = z.string().min(6, 'must be at least 6 characters').max(128).refine(isStorable, NOT_STORABLE);

export const customer = z.object({
  id,
  username: z.string(),
  msisdn: z.string().nullable(),
  status: z.enum(['active', 'suspended']),
  /** Only devices on the customer's list may log in. */
  devicesOnly: z.boolean(),
  createdAt: instant,
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
  startsAt: instant,
  endsAt: instant,
  usedOctets: octets,
  usedSeconds: octets,
  /** Since when it is suspended; the time from then on is given back. */
  suspendedAt: instant.nullable(),
});
export type EntitlementView = z.infer<typeof entitlement>;

export const listCustomers = endpoint({
  method: 'get',
  path: '/customers',
  tag,
  summary: 'List or search customers by username or phone number in any notation',
  allow: 'customers:read',
  query: z.strictObject({ ...pageQueryShape, q: searchText(128).optional() }),
  response: page(customer),
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
  summary: 'Change username, phone number or password, or let only listed devices in',
  allow: 'customers:write',
  params: idParams,
  body: z.strictObject({
    username: username.optional(),
    msisdn: z.string().max(32).nullable().optional(),
    password: servicePassword.optional(),
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

export const grantPackage = endpoint({
  method: 'post',
  path: '/customers/{id}/grants',
  tag,
  summary: 'Give a package without payment; while one of the same package is active it is extended',
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
