import { minorDigits } from '@turnpike/core/money.js';

/**
 * Minor units of an amount as providers write it: `50`, `50.0`, `1,250.00`, as text or as a JSON number. Exact: nothing is
 * rounded; undefined for anything finer than the currency, negative or not a number.
 */
export function parseAmount(said: unknown, currency: string): bigint | undefined {
  const text = typeof said === 'number' ? String(said) : typeof said === 'string' ? said.trim() : '';
  const parts = /^(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,8}))?$/.exec(text);
  if (parts === null) return undefined;
  const [, whole = '', part = ''] = parts;
  const digits = minorDigits(currency);
  if (/[^0]/.test(part.slice(digits))) return undefined;
  return BigInt(whole.replaceAll(',', '') + part.slice(0, digits).padEnd(digits, '0'));
}
