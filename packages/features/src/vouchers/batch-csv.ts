import type { NewVoucherBatch } from '@turnpike/contracts/vouchers.js';
import { moneyText } from '@turnpike/core/money.js';
import { validityWords } from './card-words.js';

const ROWS_AT_ONCE = 250;

/** RFC 4180, with the mark by which spreadsheets know UTF-8: a heading and one line for each code. */
export async function* batchCsv(batch: NewVoucherBatch, linkOf: (code: string) => string): AsyncGenerator<Uint8Array> {
  const { number, packageName, priceMinor, currency, validForSeconds, expiresAt, codes } = batch;
  const price = priceMinor === null || currency === null ? '' : moneyText(priceMinor, currency);
  const before = csvLine([number, packageName, price, validityWords(validForSeconds).en, expiresAt ?? '']).trimEnd();
  yield Buffer.from('\uFEFF' + csvLine(['batch', 'package', 'price', 'valid for', 'redeem before', 'code', 'link']));
  for (let from = 0; from < codes.length; from += ROWS_AT_ONCE) {
    const lines = codes.slice(from, from + ROWS_AT_ONCE).map((code) => `${before},${csvLine([code, linkOf(code)])}`);
    yield Buffer.from(lines.join(''));
  }
}

/** Cells as text: what a spreadsheet would take for a formula has an apostrophe in front, as OWASP says. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** One cell, quoted where it must be. */
export function csvCell(text: string): string {
  const harmless = /^[\s]*[=+\-@\t\r\n|%]/.test(text) ? `'${text}` : text;
  return /[",\r\n;\t']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
