import { z } from 'zod';
import { offerSchema, type Offer } from '../packages/offer.js';
import type { PaymentRow } from './payment.store.js';

const named = z.object({ packageName: z.string() });

/** The package as it was offered when the money was asked for; undefined for money that is for a wallet. */
export function offerOf({ offer }: Pick<PaymentRow, 'offer'>): Offer | undefined {
  return offer === null ? undefined : offerSchema.parse(offer);
}

/** What was offered, by name. */
export function offerName({ offer }: Pick<PaymentRow, 'offer'>): string | null {
  return named.safeParse(offer).data?.packageName ?? null;
}
