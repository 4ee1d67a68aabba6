import { z } from 'zod';
import { id, idParams, instant, page, pageQueryShape, searchText } from './common.js';
import { endpoint } from './endpoint.js';
import { entitlement } from './customers.js';

const tag = 'vouchers';

export const MAX_VOUCHERS = 10_000;

/** A batch is told as data, as a table for a spreadsheet, as sheets of cards to cut out, or for a roll of paper of that width. */
export const voucherFormats = ['json', 'csv', 'pdf-a4', 'pdf-58mm', 'pdf-80mm'] as const;
export type VoucherFormat = (typeof voucherFormats)[number];

/** Media types that a batch is answered in, other than JSON. */
const batchFiles = ['text/csv', 'application/pdf'] as const;

export const voucherStates = ['unused', 'redeemed', 'revoked', 'expired'] as const;
export type VoucherState = (typeof voucherStates)[number];

const batchShape = {
  id,
  /** Eight characters that stand on every card: whoever holds one finds its batch by them. */
  number: z.string(),
  packageId: id,
  packageName: z.string(),
  count: z.number().int(),
  /** What a card sells for, in minor units; null for batches made before prices were kept with them. */
  priceMinor: z.number().int().nullable(),
  currency: z.string().nullable(),
  validForSeconds: z.number().int(),
  /** Whose wallet paid for it; null: made by an operator. */
  agentId: id.nullable(),
  /** Until when the codes can be redeemed; null: for ever. */
  expiresAt: instant.nullable(),
  createdAt: instant,
};

export const voucherBatch = z.object({
  ...batchShape,
  agentName: z.string().nullable(),
  createdBy: z.string(),
  /** How many of the codes are in which state now. */
  unused: z.number().int(),
  redeemed: z.number().int(),
  revoked: z.number().int(),
  expired: z.number().int(),
});
export type VoucherBatchView = z.infer<typeof voucherBatch>;

/** A batch as it is told at its making: with the codes, which are stored nowhere. */
export const newVoucherBatch = z.object({ ...batchShape, codes: z.array(z.string()) });
export type NewVoucherBatch = z.infer<typeof newVoucherBatch>;

export const createVoucherBatch = endpoint({
  method: 'post',
  path: '/voucher-batches',
  tag,
  summary:
    `Make up to ${MAX_VOUCHERS} codes for a package; they are shown this once, as JSON or, by \`format\` or the Accept ` +
    'header, as CSV or as PDF to print',
  allow: 'vouchers:write',
  body: z.strictObject({
    packageId: id,
    count: z
      .number()
      .int()
      .min(1, 'must be at least 1')
      .max(MAX_VOUCHERS, `must be at most ${MAX_VOUCHERS}: make another batch for more`),
    /** Until when they can be redeemed; left out: for ever. */
    expiresAt: instant.optional(),
    /** Goes before the Accept header. */
    format: z.enum(voucherFormats).optional(),
  }),
  status: 201,
  files: batchFiles,
  response: newVoucherBatch,
});

export const listVoucherBatches = endpoint({
  method: 'get',
  path: '/voucher-batches',
  tag,
  summary: 'Batches of vouchers, newest first, with how many codes are in which state',
  allow: 'vouchers:read',
  query: z.strictObject({
    ...pageQueryShape,
    packageId: id.optional(),
    agentId: id.optional(),
    /** Of a card: the eight characters of its batch. */
    number: z
      .string()
      .regex(/^[0-9A-Fa-f]{8}$/, 'must be the eight characters of the batch that stand on the card')
      .optional(),
    /** Made at this time or later, and before that one. */
    from: instant.optional(),
    to: instant.optional(),
  }),
  response: page(voucherBatch),
});

export const getVoucherBatch = endpoint({
  method: 'get',
  path: '/voucher-batches/{id}',
  tag,
  summary: 'One batch, with how many of its codes are in which state',
  allow: 'vouchers:read',
  params: idParams,
  response: voucherBatch,
});

export const batchRedemptions = z.object({
  /** Whose days and hours are meant. */
  timeZone: z.string(),
  redeemed: z.number().int(),
  /** Where the time was first used, fullest first; null: on a router without a site. */
  bySite: z.array(z.object({ site: z.string().nullable(), redeemed: z.number().int() })),
  /** Redeemed, and nobody has been online with it yet: at no site. */
  notOnlineYet: z.number().int(),
  /** Oldest first; days without any are left out. */
  byDay: z.array(z.object({ day: z.iso.date(), redeemed: z.number().int() })),
  /** Weekdays from 1, Monday; hours from 0. Hours without any are left out. */
  byHour: z.array(z.object({ weekday: z.number().int(), hour: z.number().int(), redeemed: z.number().int() })),
});
export type BatchRedemptions = z.infer<typeof batchRedemptions>;

export const getBatchRedemptions = endpoint({
  method: 'get',
  path: '/voucher-batches/{id}/redemptions',
  tag,
  summary: 'Where and when the codes of a batch were redeemed: by site, by day, and by hour of the week',
  allow: 'vouchers:read',
  params: idParams,
  response: batchRedemptions,
});

export const revokeVoucherBatch = endpoint({
  method: 'post',
  path: '/voucher-batches/{id}/revoke',
  tag,
  summary: 'Revoke the unused codes of a batch; what was redeemed goes on, and an agent gets back what the others cost',
  allow: 'vouchers:write',
  params: idParams,
  response: z.object({
    revoked: z.number().int(),
    /** What the agent who bought the batch got back, in minor units; left out for a batch that no agent paid for. */
    credited: z.object({ currency: z.string(), amountMinor: z.number().int() }).optional(),
  }),
});

export const voucher = z.object({
  id,
  batchId: id,
  batchNumber: z.string(),
  packageId: id,
  packageName: z.string(),
  state: z.enum(voucherStates),
  expiresAt: instant.nullable(),
  redeemedAt: instant.nullable(),
  /** Who has its time; `msisdn` is masked. */
  redeemedBy: z.object({ customerId: id, username: z.string(), msisdn: z.string().nullable() }).nullable(),
  entitlementId: id.nullable(),
});
export type VoucherView = z.infer<typeof voucher>;

export const listVouchers = endpoint({
  method: 'get',
  path: '/vouchers',
  tag,
  summary: 'Find a voucher by its code in any spelling, or those of a batch or in a state, newest first',
  allow: 'vouchers:read',
  query: z.strictObject({
    ...pageQueryShape,
    /** A code as it is printed; case, dashes and spaces do not matter. */
    q: searchText(64).optional(),
    batchId: id.optional(),
    state: z.enum(voucherStates).optional(),
  }),
  response: page(voucher),
});

export const getVoucher = endpoint({
  method: 'get',
  path: '/vouchers/{id}',
  tag,
  summary: 'One voucher: whether it can be used, and who used it',
  allow: 'vouchers:read',
  params: idParams,
  response: voucher,
});

export const revokeVoucher = endpoint({
  method: 'post',
  path: '/vouchers/{id}/revoke',
  tag,
  summary: 'Revoke one unused code; of a redeemed one, with `endAccess`, end the access that it gave',
  allow: 'vouchers:write',
  params: idParams,
  body: z.strictObject({ endAccess: z.boolean().default(false) }),
  response: voucher,
});

export const redeemForCustomer = endpoint({
  method: 'post',
  path: '/customers/{id}/vouchers',
  tag,
  summary: 'Give a customer the time of a voucher, by its code',
  allow: 'grants:write',
  params: idParams,
  body: z.strictObject({ code: z.string().max(64) }),
  status: 201,
  response: entitlement,
});
