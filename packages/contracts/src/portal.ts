import { z } from 'zod';
import { id, instant, octets } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'portal';

const mac = z.string().max(32);
/** Id of the router that the customer is at. */
const nas = id;

/** What a customer may be shown of a package. */
export const portalPackage = z.object({
  id,
  name: z.string(),
  description: z.string(),
  /** Minor units (cents). */
  priceMinor: z.number().int(),
  currency: z.string(),
  validForSeconds: z.number().int(),
  downKbps: z.number().int(),
  upKbps: z.number().int(),
  quotaOctets: octets.nullable(),
  /** Time online, summed over sessions; null: as long as it is valid. */
  onlineSeconds: z.number().int().nullable(),
  devices: z.number().int(),
});
export type PortalPackage = z.infer<typeof portalPackage>;

export const listPortalPackages = endpoint({
  method: 'get',
  path: '/portal/packages',
  tag,
  summary: 'Hotspot packages on sale to everybody, cheapest first; with `nas` those that are valid at this router',
  allow: 'public',
  query: z.strictObject({ nas: nas.optional() }),
  response: z.object({ items: z.array(portalPackage) }),
});

/** `checking`: money may have moved; the provider or a person finds out. */
export const purchaseStatuses = ['waiting', 'paid', 'failed', 'checking'] as const;

/** Unguessable: whoever has it may see the purchase and log in with it. */
const reference = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/, 'must be the reference of a purchase');

export const startPortalPurchase = endpoint({
  method: 'post',
  path: '/portal/purchases',
  tag,
  summary:
    'Ask a phone to pay for a package; what became of it is told under its reference. A refusal is told in English or Swahili, as Accept-Language likes; with `mac` each device is counted by itself',
  allow: 'public',
  body: z.strictObject({
    packageId: id,
    /** In any notation of the country. */
    msisdn: z.string().max(32),
    /** Device that is to go online. */
    mac: mac.optional(),
    nas: nas.optional(),
  }),
  status: 201,
  response: z.object({ reference: z.string(), status: z.enum(purchaseStatuses) }),
});

const sentence = z.object({ en: z.string(), sw: z.string() });

const credentials = z.object({ username: z.string(), password: z.string() });

export const portalPurchase = z.object({
  reference: z.string(),
  status: z.enum(purchaseStatuses),
  /** For the customer: what happened and what to do. */
  message: sentence,
  packageName: z.string(),
  amountMinor: z.number().int(),
  currency: z.string(),
  /** Once it is paid. */
  credentials: credentials.optional(),
  /** Until when the bought access lasts. */
  expiresAt: instant.optional(),
});
export type PortalPurchaseView = z.infer<typeof portalPurchase>;

export const getPortalPurchase = endpoint({
  method: 'get',
  path: '/portal/purchases/{reference}',
  tag,
  summary: 'What became of a purchase; once it is paid with what to log in',
  allow: 'public',
  params: z.strictObject({ reference }),
  response: portalPurchase.extend({
    /** `message` in the language that Accept-Language likes best. */
    text: z.string(),
  }),
});

export const redeemPortalVoucher = endpoint({
  method: 'post',
  path: '/portal/vouchers/redeem',
  tag,
  summary: 'Turn a voucher code into access; log in with the code as username and as password',
  allow: 'public',
  body: z.strictObject({ code: z.string().max(64), mac: mac.optional(), nas: nas.optional() }),
  response: z.object({ username: z.string(), code: z.string() }),
});

/** What a customer has left, and what is online now. */
export const portalSession = z.object({
  /** Whether a device of the customer is online. */
  online: z.boolean(),
  /** Undefined: who asks is not known; log in at POST /portal/login, or give the reference of a purchase. */
  packageName: z.string().optional(),
  endsAt: instant.optional(),
  /** Until the access ends, by the time it is valid or may be online. */
  secondsRemaining: z.number().int().optional(),
  /** Absent: no data cap. */
  bytesRemaining: octets.optional(),
  devicesAllowed: z.number().int().optional(),
  devicesOnline: z.number().int().optional(),
});
export type PortalSessionView = z.infer<typeof portalSession>;

export const portalLogin = endpoint({
  method: 'post',
  path: '/portal/login',
  tag,
  summary: 'Prove to be a customer by username (or phone number) and password; gives a pass for GET /portal/session',
  allow: 'public',
  body: z.strictObject({ username: z.string().min(1).max(128), password: z.string().min(1).max(128) }),
  response: z.object({ pass: z.string(), expiresAt: instant, session: portalSession }),
});

export const getPortalSession = endpoint({
  method: 'get',
  path: '/portal/session',
  tag,
  summary: 'What is left: of the holder of a pass or of a purchase, else of the device with the address of the caller',
  allow: 'public',
  query: z.strictObject({ pass: z.string().max(200).optional(), reference: reference.optional() }),
  response: portalSession,
});
