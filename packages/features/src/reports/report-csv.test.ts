import type { ChurnReport, SalesReport, TaxLines, TaxReport } from '@turnpike/contracts/reports.js';
import { churnCsv, salesCsv, taxCsv, taxLinesCsv } from './report-csv.js';

const told = { from: '2026-03-01', to: '2026-04-01', timeZone: 'Africa/Nairobi', currency: 'KES', otherCurrencies: [] };
const none = { payments: 0, customers: 0, grossMinor: 0, refundedMinor: 0, netMinor: 0, commissionMinor: 0 };
const tax = { name: 'VAT', basisPoints: 1_650, inclusive: true };

test('sales: a heading, a line a row and the sums, with a mark for UTF-8 and decimals without commas', () => {
  const report: SalesReport = {
    ...told,
    by: 'package',
    rows: [{ key: 'a', label: 'Siku nzima – "bei poa"', ...none, payments: 2, grossMinor: 125_050, netMinor: 125_050 }],
    totals: { ...none, payments: 2, refundedMinor: 5, netMinor: -5 },
  };
  expect(salesCsv(report)).toBe(
    [
      '\uFEFFpackage,name,sales,customers,gross,refunded,net,agent commission,currency',
      'a,"Siku nzima – ""bei poa""",2,0,1250.50,0.00,1250.50,0.00,KES',
      'total,,2,0,0.00,0.05,-0.05,0.00,KES',
      '',
    ].join('\r\n'),
  );
});

test('names that a spreadsheet would run as formulas are text, negative amounts stay numbers', () => {
  const rows = ['=HYPERLINK("http://x")', '+254712345678', '@SUM(A1)', '-2+3'].map((label) => ({
    key: 'k',
    label,
    ...none,
    netMinor: -100,
  }));
  const lines = salesCsv({ ...told, by: 'site', rows, totals: none })
    .split('\r\n')
    .slice(1, 5);
  expect(lines.map((line) => line.startsWith('k,"\''))).toEqual([true, true, true, true]);
  for (const line of lines) expect(line).toMatch(/,-1\.00,0\.00,KES$/);
});

test('currencies without cents have none in the file either', () => {
  const report = { ...told, currency: 'UGX', by: 'day', rows: [], totals: { ...none, netMinor: 2_500 } } as const;
  expect(salesCsv({ ...report, rows: [] })).toContain('total,,0,0,0,0,2500,0,UGX');
});

test('churn: the months, with the customers of each who bought again', () => {
  const report: ChurnReport = {
    timeZone: 'Africa/Nairobi',
    currency: 'KES',
    otherCurrencies: [],
    months: [
      {
        ...{ month: '2026-01', isComplete: true, customers: 3, firstTime: 3, cameBack: 0, lost: 0 },
        ...{ churnBasisPoints: null, revenueMinor: 4_000, perCustomerMinor: 1_333 },
      },
      {
        ...{ month: '2026-02', isComplete: false, customers: 0, firstTime: 0, cameBack: 0, lost: 2 },
        ...{ churnBasisPoints: 6_667, revenueMinor: 0, perCustomerMinor: null },
      },
    ],
    cohorts: [{ month: '2026-01', customers: 3, bought: [3, 1] }],
  };
  expect(churnCsv(report).split('\r\n').slice(1)).toEqual([
    '2026-01,yes,3,3,0,0,,40.00,13.33,KES,1',
    '2026-02,no,0,0,0,2,66.67,0.00,,KES,',
    '',
  ]);
});

test('tax: by month with its rate, and line by line in local time for the bookkeeper', async () => {
  const sums = { grossMinor: 11_650, refundedMinor: 0, netMinor: 11_650, taxMinor: 1_650 };
  const report: TaxReport = { ...told, tax, months: [{ month: '2026-03', ...sums }], totals: sums };
  expect(taxCsv(report).split('\r\n').slice(1, 3)).toEqual([
    '2026-03,116.50,0.00,116.50,VAT,16.5,yes,16.50,KES',
    'total,116.50,0.00,116.50,VAT,16.5,yes,16.50,KES',
  ]);
  const line = {
    id: '0190b5c1-0000-7000-8000-000000000001',
    at: '2026-03-31T20:59:59.000Z',
    kind: 'refund' as const,
    reference: 'abc',
    receipt: null,
    description: '=1+1',
    grossMinor: -11_650,
    taxMinor: -1_650,
  };
  const lines: TaxLines = { ...told, tax, items: [line], nextCursor: null };
  const parts: Uint8Array[] = [];
  for await (const part of taxLinesCsv(lines, only([line]))) parts.push(part);
  expect(Buffer.concat(parts).toString()).toBe(
    '\uFEFFdate,time,kind,reference,receipt,description,gross,VAT,currency,entry\r\n' +
      `2026-03-31,23:59:59,refund,abc,,"'=1+1",-116.50,-16.50,KES,${line.id}\r\n`,
  );
});

async function* only(lines: TaxLines['items']): AsyncGenerator<TaxLines['items']> {
  yield lines;
}
