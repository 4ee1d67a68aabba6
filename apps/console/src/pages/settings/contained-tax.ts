/** The tax that a price contains, rounded half up. `gross` in the smallest unit, `basisPoints` hundredths of a percent. */
export function containedTax(gross: number, basisPoints: number): number {
  return Math.floor((2 * gross * basisPoints + 10_000 + basisPoints) / (2 * (10_000 + basisPoints)));
}
