import { codesCsv } from './codes-csv.js';

describe('codes for a spreadsheet', () => {
  test('quotes every cell and lets no name be a formula', () => {
    const sold = { packageName: '=1+1 "day", 2', currency: 'KES', priceMinor: 2_000, codes: ['ABCD-EFGH'] };
    expect(codesCsv(sold)).toBe('"code","package","price"\r\n"ABCD-EFGH","\'=1+1 ""day"", 2","KES 20.00"\r\n');
  });
});
