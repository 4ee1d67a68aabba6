import { z } from 'zod';
import { soldTerms } from '@turnpike/contracts/packages.js';

/** What a batch keeps of its package: the codes give it, however the package is changed before they are redeemed. */
export const voucherTerms = z.object({
  packageName: z.string(),
  validForSeconds: z.number().int(),
  terms: soldTerms,
});
export type VoucherTerms = z.infer<typeof voucherTerms>;
