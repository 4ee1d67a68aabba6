const DEFAULT_DIGITS = 2;
const digitsOf = new Map<string, number>();

/** Digits after the point that a currency has (ISO 4217): 2 for KES, 0 for UGX. */
export function minorDigits(currency: string): number {
  const known = digitsOf.get(currency);
  if (known !== undefined) return known;
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  const digits = maximumFractionDigits ?? DEFAULT_DIGITS;
  digitsOf.set(currency, digits);
  return digits;
}

/** For people: `KES 1,250.00`, `KES -5.00`, `UGX 500`. `amountMinor`: in the smallest unit. */
export function moneyText(amountMinor: bigint | number, currency: string): string {
  const amount = BigInt(amountMinor);
  const digits = minorDigits(currency);
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  const part = digits === 0 ? '' : `.${text.slice(-digits)}`;
  return `${currency} ${amount < 0n ? '-' : ''}${whole}${part}`;
}
