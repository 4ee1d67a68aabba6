/** Money of one sale in minor units: `priceMinor` is what the vouchers sell for, `debitedMinor` what leaves the wallet. */
export interface SaleMoney {
  readonly priceMinor: bigint;
  readonly commissionMinor: bigint;
  readonly debitedMinor: bigint;
}

export interface SaleTerms {
  /** Of one voucher. */
  readonly priceMinor: number;
  readonly count: number;
  readonly commissionBasisPoints: number;
}

const BASIS_POINTS = 10_000n;

/** The commission is worked out of the whole sale and rounded down, in integers throughout. */
export function saleMoney({ priceMinor: each, count, commissionBasisPoints }: SaleTerms): SaleMoney {
  const priceMinor = BigInt(each) * BigInt(count);
  const commissionMinor = (priceMinor * BigInt(commissionBasisPoints)) / BASIS_POINTS;
  return { priceMinor, commissionMinor, debitedMinor: priceMinor - commissionMinor };
}
