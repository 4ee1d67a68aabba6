import { paymentProviders, type PaymentSummary } from '@turnpike/contracts/payments.js';
import type { SummaryRow } from './payment-summary.store.js';

type Counts = Omit<SummaryRow, 'day' | 'provider' | 'currency'>;

/** The rows added up in the three ways in which people look at them. */
export function paymentSummary(rows: readonly SummaryRow[], from: Date, to: Date): PaymentSummary {
  const by = (keyOf: (row: SummaryRow) => string) => [...grouped(rows, keyOf).values()];
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    totals: by((row) => row.currency).map(({ first, counts }) => ({
      currency: first.currency,
      ...numbers(counts),
      successRate: rateOf(counts),
    })),
    days: by((row) => `${row.day} ${row.currency}`).map(({ first, counts }) => ({
      day: first.day,
      currency: first.currency,
      ...numbers(counts),
    })),
    providers: by((row) => `${row.provider} ${row.currency}`).flatMap(({ first, counts }) => {
      const provider = paymentProviders.find((name) => name === first.provider);
      return provider === undefined ? [] : [{ provider, currency: first.currency, ...numbers(counts) }];
    }),
  };
}

function rateOf({ succeeded, failed }: Counts): number | null {
  return succeeded + failed === 0 ? null : succeeded / (succeeded + failed);
}

function numbers({ attempts, succeeded, failed, review, revenueMinor, refundedMinor }: Counts) {
  return {
    attempts,
    succeeded,
    failed,
    review,
    revenueMinor: Number(revenueMinor),
    refundedMinor: Number(refundedMinor),
  };
}

function grouped(rows: readonly SummaryRow[], keyOf: (row: SummaryRow) => string) {
  const groups = new Map<string, { first: SummaryRow; counts: Counts }>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    groups.set(key, { first: group?.first ?? row, counts: group === undefined ? row : sum(group.counts, row) });
  }
  return groups;
}

function sum(a: Counts, b: Counts): Counts {
  return {
    attempts: a.attempts + b.attempts,
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    review: a.review + b.review,
    revenueMinor: a.revenueMinor + b.revenueMinor,
    refundedMinor: a.refundedMinor + b.refundedMinor,
  };
}
