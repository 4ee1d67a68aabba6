import { moneyText } from '@turnpike/core/money.js';

interface Sold {
  readonly packageName: string;
  readonly currency: string;
  readonly priceMinor: number;
  readonly codes: readonly string[];
}

/** The codes of a sale for a spreadsheet (RFC 4180). */
export function codesCsv({ packageName, currency, priceMinor, codes }: Sold): string {
  const price = moneyText(priceMinor, currency);
  const lines = [['code', 'package', 'price'], ...codes.map((code) => [code, packageName, price])];
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** Quoted always; a leading quote keeps spreadsheets from taking a name for a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
