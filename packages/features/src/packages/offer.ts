import { z } from 'zod';
import {
  onRepeats,
  soldTerms,
  validFroms,
  type OnRepeat,
  type SoldTerms,
  type ValidFrom,
} from '@turnpike/contracts/packages.js';
import type { PackageRow } from './package.store.js';
import { termsOf } from './sold-terms.js';

/** A package as it is sold to somebody: holds from the moment of the offer on, however the package is changed. */
export interface Offer {
  readonly packageId: string;
  readonly packageName: string;
  readonly terms: SoldTerms;
  readonly validForSeconds: number;
  readonly validFrom: ValidFrom;
  readonly onRepeat: OnRepeat;
  readonly priceMinor: number;
  readonly currency: string;
}

/** For what is kept as JSON: Payment.offer, VoucherBatch.terms. */
export const offerSchema: z.ZodType<Offer> = z.object({
  packageId: z.uuid(),
  packageName: z.string(),
  terms: soldTerms,
  validForSeconds: z.number().int().positive(),
  validFrom: z.enum(validFroms),
  onRepeat: z.enum(onRepeats),
  priceMinor: z.number().int().min(0),
  currency: z.string().length(3),
});

/** Who is to be sold it; whoever may sell may sell what those before may. */
export type OfferedTo = 'public' | 'agents' | 'operators';

const SEEN_BY: Readonly<Record<OfferedTo, ReadonlySet<PackageRow['visibility']>>> = {
  public: new Set(['public']),
  agents: new Set(['public', 'agents']),
  operators: new Set(['public', 'agents', 'hidden']),
};

/** Never what is not on sale or out of use. */
export function isOffered({ active, archivedAt, visibility }: PackageRow, to: OfferedTo): boolean {
  return active && archivedAt === null && SEEN_BY[to].has(visibility);
}

export function offerOf(row: PackageRow): Offer {
  return {
    packageId: row.id,
    packageName: row.name,
    terms: termsOf(row),
    validForSeconds: row.validForSeconds,
    validFrom: row.validFrom,
    onRepeat: row.onRepeat,
    priceMinor: row.priceMinor,
    currency: row.currency,
  };
}
