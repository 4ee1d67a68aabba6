import { z } from 'zod';
import { soldTerms } from '@turnpike/contracts/packages.js';

/** What a batch keeps of its package: the codes give it, however the package is changed before they are redeemed. */
export const voucherTerms = z.object({
  packageName: z.string(),
  validForSeconds: z.number().int(),
  terms: soldTerms,
  // Batches made before these were kept began at once and added to what ran.
  validFrom: z.enum(['purchase', 'first_login']).default('purchase'),
  onRepeat: z.enum(['extend', 'queue', 'upgrade', 'stack']).default('extend'),
  /** What a card sells for, in minor units. */
  priceMinor: z.number().int().nullable().default(null),
  currency: z.string().nullable().default(null),
});
export type VoucherTerms = z.infer<typeof voucherTerms>;

/** A package as it is put on codes; an offer of the packages feature is one. */
export interface VoucherOffer extends VoucherTerms {
  readonly packageId: string;
}

/** As it is stored: the batch's row has the package. */
export function termsOfOffer(offer: VoucherOffer): VoucherTerms {
  const { packageName, validForSeconds, terms, validFrom, onRepeat, priceMinor, currency } = offer;
  return { packageName, validForSeconds, terms, validFrom, onRepeat, priceMinor, currency };
}
