import type { ChurnReport, SalesReport, TaxLine, TaxLines, TaxReport } from '@turnpike/contracts/reports.js';
import { BYTE_ORDER_MARK, csvLineOf, type CsvCell } from './csv-line.js';
import { localTime } from './local-time.js';

/** A heading, one line a row, and one with the sums. */
export function salesCsv({ by, rows, totals, currency }: SalesReport): string {
  const money = (minor: number): CsvCell => ({ minor, currency });
  const line = (key: string, label: string, sums: SalesReport['totals']): CsvCell[] => [
    key,
    label,
    sums.payments,
    sums.customers,
    money(sums.grossMinor),
    money(sums.refundedMinor),
    money(sums.netMinor),
    money(sums.commissionMinor),
    currency,
  ];
  return table([
    [by, 'name', 'sales', 'customers', 'gross', 'refunded', 'net', 'agent commission', 'currency'],
    ...rows.map(({ key, label, ...sums }) => line(key, label, sums)),
    line('total', '', totals),
  ]);
}

/** The months; `bought again` has the customers of the month who bought so many months later, as far as that is known. */
export function churnCsv({ months, cohorts, currency }: ChurnReport): string {
  const longest = Math.max(0, ...cohorts.map(({ bought }) => bought.length - 1));
  const later = Array.from({ length: longest }, (_, index) => index + 1);
  const of = new Map(cohorts.map((cohort) => [cohort.month, cohort.bought]));
  return table([
    [
      ...['month', 'complete', 'customers', 'new', 'came back', 'lost', 'churn %'],
      ...['revenue', 'revenue per customer', 'currency'],
      ...later.map((count) => `bought again after ${count} months`),
    ],
    ...months.map((row): CsvCell[] => [
      row.month,
      row.isComplete ? 'yes' : 'no',
      row.customers,
      row.firstTime,
      row.cameBack,
      row.lost,
      row.churnBasisPoints === null ? '' : row.churnBasisPoints / 100,
      { minor: row.revenueMinor, currency },
      row.perCustomerMinor === null ? '' : { minor: row.perCustomerMinor, currency },
      currency,
      ...later.map((count) => of.get(row.month)?.[count] ?? ''),
    ]),
  ]);
}

export function taxCsv({ months, totals, tax, currency }: TaxReport): string {
  const line = (name: string, sums: TaxReport['totals']): CsvCell[] => [
    name,
    { minor: sums.grossMinor, currency },
    { minor: sums.refundedMinor, currency },
    { minor: sums.netMinor, currency },
    tax.name,
    tax.basisPoints / 100,
    tax.inclusive ? 'yes' : 'no',
    { minor: sums.taxMinor, currency },
    currency,
  ];
  return table([
    ['month', 'gross', 'refunded', 'net', 'tax name', 'tax %', 'tax included in prices', 'tax', 'currency'],
    ...months.map(({ month, ...sums }) => line(month, sums)),
    line('total', totals),
  ]);
}

/** For the bookkeeper: one line a sale or refund, written while they are read. */
export async function* taxLinesCsv(
  { timeZone, currency, tax }: TaxLines,
  parts: AsyncIterable<readonly TaxLine[]>,
): AsyncGenerator<Uint8Array> {
  const heading = [
    'date',
    'time',
    'kind',
    'reference',
    'receipt',
    'description',
    'gross',
    tax.name,
    'currency',
    'entry',
  ];
  yield Buffer.from(table([heading]));
  for await (const lines of parts) {
    const rows = lines.map((line): CsvCell[] => {
      const [date = '', time = ''] = localTime(new Date(line.at), timeZone).split(' ');
      const money = (minor: number): CsvCell => ({ minor, currency });
      const amounts = [money(line.grossMinor), money(line.taxMinor)];
      return [
        date,
        time,
        line.kind,
        line.reference,
        line.receipt ?? '',
        line.description,
        ...amounts,
        currency,
        line.id,
      ];
    });
    yield Buffer.from(rows.map(csvLineOf).join(''));
  }
}

function table([heading = [], ...rows]: readonly (readonly CsvCell[])[]): string {
  return BYTE_ORDER_MARK + [heading, ...rows].map(csvLineOf).join('');
}
