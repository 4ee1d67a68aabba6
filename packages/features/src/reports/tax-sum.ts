import type { TaxTerms } from '@turnpike/contracts/reports.js';

const WHOLE = 10_000n;

/**
 * The tax of an amount, in minor units, rounded half up (of negative ones by their size): what is contained in a price that
 * includes it, or what comes on top.
 */
export function taxOn(amountMinor: bigint, { basisPoints, inclusive }: TaxTerms): bigint {
  const rate = BigInt(basisPoints);
  const size = amountMinor < 0n ? -amountMinor : amountMinor;
  const tax = halfUp(size * rate, inclusive ? WHOLE + rate : WHOLE);
  return amountMinor < 0n ? -tax : tax;
}

/** As the settings have it. */
export function taxTermsOf(set: { name: string; rateBasisPoints: number; inclusive: boolean }): TaxTerms {
  return { name: set.name, basisPoints: set.rateBasisPoints, inclusive: set.inclusive };
}

/** Of numbers that are not negative. */
export function halfUp(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}
