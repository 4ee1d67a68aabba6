interface Sums {
  /** What customers pay for all of them. */
  readonly totalMinor: number;
  /** What the agent keeps of it. */
  readonly commissionMinor: number;
  /** What leaves the wallet. */
  readonly debitedMinor: number;
}

const WHOLE_BASIS_POINTS = 10_000;

/** Of a sale of `count` vouchers: the commission is worked out of the whole sale and rounded down. */
export function sumsOf(priceMinor: number, commissionBasisPoints: number, count: number): Sums {
  const totalMinor = priceMinor * count;
  const commissionMinor = Math.floor((totalMinor * commissionBasisPoints) / WHOLE_BASIS_POINTS);
  return { totalMinor, commissionMinor, debitedMinor: totalMinor - commissionMinor };
}

/** True when the wallet holds what a sale takes out of it. */
export function isEnough(
  balances: readonly { readonly currency: string; readonly balanceMinor: string }[],
  currency: string,
  debitedMinor: number,
): boolean {
  const balance = balances.find((found) => found.currency === currency)?.balanceMinor ?? '0';
  return BigInt(balance) >= BigInt(debitedMinor);
}
