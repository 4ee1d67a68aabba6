import type { ChurnReport, SalesReport, TaxReport } from '@turnpike/contracts/reports.js';
import type { FileAnswer } from '@turnpike/runtime/http/file-answer.js';
import { formatAsked } from '../vouchers/batch-file.js';

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';

/** A report as a file for who asked for CSV; undefined for JSON. */
export function csvAnswer(
  accept: string,
  fileName: string,
  content: () => AsyncIterable<Uint8Array>,
): FileAnswer | undefined {
  return formatAsked(accept) === 'csv' ? { contentType: CSV_TYPE, fileName, content: content() } : undefined;
}

/** A text that is there as a whole: reports have some hundred lines. */
export async function* contentOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

export function salesFileName({ by, from, to }: SalesReport): string {
  return `sales-by-${by}-${from}-${to}.csv`;
}

export function churnFileName({ months }: ChurnReport): string {
  return `churn-${months.at(0)?.month ?? ''}-${months.at(-1)?.month ?? ''}.csv`;
}

export function taxFileName({ from, to }: Pick<TaxReport, 'from' | 'to'>, what: 'tax' | 'tax-lines' = 'tax'): string {
  return `${what}-${from}-${to}.csv`;
}
