import { MAX_VOUCHERS, type VoucherFormat } from '@turnpike/contracts/vouchers.js';

export const papers = ['pdf-a4', 'pdf-58mm', 'pdf-80mm', 'csv'] as const satisfies readonly VoucherFormat[];
export type Paper = (typeof papers)[number];

/** What a batch is asked for as; the format in the body says the paper. */
export function mediaOf(paper: Paper): 'text/csv' | 'application/pdf' {
  return paper === 'csv' ? 'text/csv' : 'application/pdf';
}

/** Name of the file: day, package and paper, so that a folder of them can be read. */
export function fileNameOf(paper: Paper, packageName: string, day: string): string {
  const name = packageName
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
  const of = name === '' ? '' : `-${name}`;
  return paper === 'csv' ? `vouchers-${day}${of}.csv` : `vouchers-${day}${of}-${paper.slice('pdf-'.length)}.pdf`;
}

/** The number in a field, when a batch may have that many. */
export function countOf(value: number | string): number | undefined {
  const isPossible = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_VOUCHERS;
  return isPossible ? value : undefined;
}

interface Asked {
  readonly packageId: string;
  readonly count: number;
  readonly format: Paper;
  readonly expiresAt?: string;
}

/** The same with the command line. */
export function commandOf({ packageId, count, format, expiresAt }: Asked): string {
  const file = format === 'csv' ? '--csv vouchers.csv' : `--pdf vouchers.pdf --paper ${format.slice('pdf-'.length)}`;
  const until = expiresAt === undefined ? '' : ` --expires ${expiresAt}`;
  return `voucher create --package ${packageId} --count ${count} ${file}${until}`;
}
