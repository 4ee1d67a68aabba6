import { minorDigits } from '@turnpike/core/money.js';
import { csvCell } from '../vouchers/batch-csv.js';

/** Text, or a number to count with: a minus in front of it makes no formula of it. */
export type CsvCell = string | number | { readonly minor: number; readonly currency: string };

/** By which spreadsheets know UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** RFC 4180. Amounts are decimal numbers in whole units, without their currency. */
export function csvLineOf(cells: readonly CsvCell[]): string {
  return `${cells.map(textOf).join(',')}\r\n`;
}

function textOf(cell: CsvCell): string {
  if (typeof cell === 'string') return csvCell(cell);
  return typeof cell === 'number' ? String(cell) : decimalOf(cell.minor, cell.currency);
}

/** `-1250.00` */
function decimalOf(minor: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const part = digits === 0 ? '' : `.${text.slice(-digits)}`;
  return `${minor < 0 ? '-' : ''}${text.slice(0, text.length - digits)}${part}`;
}
