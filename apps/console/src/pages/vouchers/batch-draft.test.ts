import { commandOf, countOf, fileNameOf, mediaOf } from './batch-draft.js';

describe('a batch to be made', () => {
  test('names files by day, package and paper, in letters that every system takes', () => {
    expect(fileNameOf('pdf-a4', 'Saa 1 – “Haraka”', '2026-11-23')).toBe('vouchers-2026-11-23-saa-1-haraka-a4.pdf');
    expect(fileNameOf('csv', '30 Days', '2026-11-23')).toBe('vouchers-2026-11-23-30-days.csv');
    expect(fileNameOf('pdf-58mm', '…', '2026-11-23')).toBe('vouchers-2026-11-23-58mm.pdf');
  });

  test('asks for a table or for paper', () => {
    expect(mediaOf('csv')).toBe('text/csv');
    expect(mediaOf('pdf-80mm')).toBe('application/pdf');
  });

  test('is the same on the command line', () => {
    expect(commandOf({ packageId: 'p', count: 5, format: 'pdf-58mm' })).toBe(
      'voucher create --package p --count 5 --pdf vouchers.pdf --paper 58mm',
    );
    expect(commandOf({ packageId: 'p', count: 5, format: 'csv', expiresAt: '2027-01-31T00:00:00.000Z' })).toBe(
      'voucher create --package p --count 5 --csv vouchers.csv --expires 2027-01-31T00:00:00.000Z',
    );
  });

  test('takes whole numbers from 1 to 10,000', () => {
    expect([countOf(1), countOf(10_000)]).toEqual([1, 10_000]);
    expect([countOf(0), countOf(10_001), countOf(1.5), countOf('')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
