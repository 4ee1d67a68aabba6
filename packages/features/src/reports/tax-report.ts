import type { TaxLine, TaxReport, TaxTerms } from '@turnpike/contracts/reports.js';
import { invalidField } from '@turnpike/core/app-error.js';
import { batchNumber } from '../vouchers/batch-number.js';
import { monthsOf, type ReportRange } from './report-range.js';
import { taxOn } from './tax-sum.js';
import type { LineAfter, SoldInMonth, SoldLine } from './tax.store.js';

type Sums = TaxReport['totals'];

export function taxMonths(sold: readonly SoldInMonth[], range: ReportRange, tax: TaxTerms): TaxReport['months'] {
  const of = new Map(sold.map((row) => [row.month, row]));
  return monthsOf(range).map((month) => ({ month, ...taxSums(of.get(month) ?? NOTHING, tax) }));
}

export function taxTotals(sold: readonly SoldInMonth[], tax: TaxTerms): Sums {
  const sum = (amounts: bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
  return taxSums(
    {
      grossMinor: sum(sold.map(({ grossMinor }) => grossMinor)),
      refundedMinor: sum(sold.map(({ refundedMinor }) => refundedMinor)),
    },
    tax,
  );
}

const NOTHING = { grossMinor: 0n, refundedMinor: 0n };

function taxSums({ grossMinor, refundedMinor }: Omit<SoldInMonth, 'month'>, tax: TaxTerms): Sums {
  const netMinor = grossMinor - refundedMinor;
  return {
    grossMinor: Number(grossMinor),
    refundedMinor: Number(refundedMinor),
    netMinor: Number(netMinor),
    taxMinor: Number(taxOn(netMinor, tax)),
  };
}

export function taxLineView(row: SoldLine, tax: TaxTerms): TaxLine {
  return {
    id: row.id,
    at: row.at.toISOString(),
    kind: row.kind === 'refund' ? 'refund' : 'sale',
    reference: row.reference ?? (row.batchId === null ? '' : batchNumber(row.batchId)),
    receipt: row.receipt,
    description: row.description,
    grossMinor: Number(row.amountMinor),
    taxMinor: Number(taxOn(row.amountMinor, tax)),
  };
}

/** The line to go on after; refuses text that is not one of our cursors. */
export function lineAfter(cursor: string | undefined): LineAfter | undefined {
  if (cursor === undefined) return undefined;
  const [, at = '', id = ''] = /^(\d{4}-\d{2}-\d{2}T[\d:.]+Z)_([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (id === '' || Number.isNaN(Date.parse(at)))
    throw invalidField('cursor', 'must be the nextCursor of the page before');
  return { at: new Date(at), id };
}

export function cursorAfter({ at, id }: Pick<TaxLine, 'at' | 'id'>): string {
  return `${at}_${id}`;
}
