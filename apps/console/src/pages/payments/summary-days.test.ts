import type { PaymentSummary } from '@turnpike/contracts/payments.js';
import { daysOf, openOf } from './summary-days.js';

const counts = { attempts: 10, succeeded: 6, failed: 2, review: 1, revenueMinor: 100, refundedMinor: 0 };

describe('days of a summary', () => {
  test('fills days without a payment and leaves other currencies out', () => {
    const summary: PaymentSummary = {
      from: '2026-11-20T21:00:00.000Z',
      to: '2026-11-23T21:00:00.000Z',
      totals: [],
      days: [
        { day: '2026-11-22', currency: 'KES', ...counts },
        { day: '2026-11-23', currency: 'UGX', ...counts },
      ],
      providers: [],
    };
    expect(daysOf(summary, 'KES', '2026-11-23', 3)).toEqual([
      { day: '2026-11-21', succeeded: 0, failed: 0, review: 0, open: 0 },
      { day: '2026-11-22', succeeded: 6, failed: 2, review: 1, open: 1 },
      { day: '2026-11-23', succeeded: 0, failed: 0, review: 0, open: 0 },
    ]);
  });

  test('counts as open what has no end yet', () => {
    expect(openOf(counts)).toBe(1);
  });
});
