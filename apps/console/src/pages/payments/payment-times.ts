import type { PaymentView } from '@turnpike/contracts/payments.js';

type Key =
  | 'timeCreated'
  | 'timeRequested'
  | 'timeSettled'
  | 'timeRefunded'
  | 'timeOpen'
  | 'timeFailed'
  | 'timeTimedOut'
  | 'timeReview';

export interface PaymentTime {
  readonly key: Key;
  /** Null: the API does not say when. */
  readonly at: string | null;
}

/** What became of a payment, in order; the last one is how it stands. */
export function timesOf(payment: PaymentView): PaymentTime[] {
  const { createdAt, requestedAt, settledAt, refundedAt } = payment;
  return [
    { key: 'timeCreated', at: createdAt },
    ...(requestedAt === null ? [] : [{ key: 'timeRequested', at: requestedAt } as const]),
    ...(settledAt === null
      ? [{ key: endOf(payment.state), at: null }]
      : [{ key: 'timeSettled', at: settledAt } as const]),
    ...(refundedAt === null ? [] : [{ key: 'timeRefunded', at: refundedAt } as const]),
  ];
}

function endOf(state: PaymentView['state']): Key {
  switch (state) {
    case 'failed':
      return 'timeFailed';
    case 'timed_out':
      return 'timeTimedOut';
    case 'review':
      return 'timeReview';
    case 'succeeded':
      return 'timeSettled';
    default:
      return 'timeOpen';
  }
}
