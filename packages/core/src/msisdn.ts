declare const brand: unique symbol;
/** A phone number as E.164 digits without the plus sign, for example `254712345678`. */
export type Msisdn = string & { readonly [brand]: 'Msisdn' };

/**
 * Accepts `+254 712 345 678`, `254712345678`, `0712345678` and `712345678` (the last two in the default country).
 * Source: ITU-T E.164 (at most 15 digits); Kenyan mobile numbers are 9 digits and start with 7 or 1.
 */
export function parseMsisdn(text: string, countryCode = '254'): Msisdn | undefined {
  const compact = text.replace(/[\s().-]/g, '');
  if (!/^\+?\d+$/.test(compact)) return undefined;
  const digits = compact.replace(/^\+/, '').replace(/^00/, '');
  if (compact.startsWith('+') || digits.startsWith(countryCode)) {
    const national = digits.startsWith(countryCode) ? digits.slice(countryCode.length) : undefined;
    if (national !== undefined && countryCode === '254' && !/^[17]\d{8}$/.test(national)) return undefined;
    return digits.length >= 8 && digits.length <= 15 ? (digits as Msisdn) : undefined;
  }
  const national = digits.replace(/^0/, '');
  return /^[17]\d{8}$/.test(national) ? ((countryCode + national) as Msisdn) : undefined;
}

/** `2547••••1234`: enough to recognise, too little to call; text too short for that is hidden whole. */
export function maskMsisdn(msisdn: string): string {
  return msisdn.length < 10 ? HIDDEN : `${msisdn.slice(0, 4)}${HIDDEN}${msisdn.slice(-4)}`;
}

const HIDDEN = '••••';
