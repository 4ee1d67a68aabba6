import { z } from 'zod';
import { id, idParams, instant, page, pageQuery } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'vouchers';

export const MAX_VOUCHERS = 10_000;

const batchShape = {
  id,
  packageId: id,
  count: z.number().int(),
  /** Until when the codes can be redeemed; null: for ever. */
  expiresAt: instant.nullable(),
  createdAt: instant,
};

export const voucherBatch = z.object({
  ...batchShape,
  packageName: z.string(),
  createdBy: z.string(),
  /** How many of the codes are in which state now. */
  unused: z.number().int(),
  redeemed: z.number().int(),
  revoked: z.number().int(),
  expired: z.number().int(),
});
export type VoucherBatchView = z.infer<typeof voucherBatch>;

export const createVoucherBatch = endpoint({
  method: 'post',
  path: '/voucher-batches',
  tag,
  summary: `Make up to ${MAX_VOUCHERS} codes for a package; they are shown this once`,
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
  }),
  status: 201,
  response: z.object({ ...batchShape, codes: z.array(z.string()) }),
});
export type NewVoucherBatch = z.infer<(typeof createVoucherBatch)['response']>;

export const listVoucherBatches = endpoint({
  method: 'get',
  path: '/voucher-batches',
  tag,
  summary: 'Batches of vouchers, newest first, with how many codes are in which state',
  allow: 'vouchers:read',
  query: pageQuery,
  response: page(voucherBatch),
});

export const revokeVoucherBatch = endpoint({
  method: 'post',
  path: '/voucher-batches/{id}/revoke',
  tag,
  summary: 'Revoke the unused codes of a batch; what was redeemed goes on',
  allow: 'vouchers:write',
  params: idParams,
  response: z.object({ revoked: z.number().int() }),
});
