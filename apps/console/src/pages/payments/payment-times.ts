import type { PaymentView } from '@turnpike/contracts/payments.js';

type Key =
  | 'timeCreated'
  | 'timeRequested'
  | 'timeReceived'
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
  const { provider, createdAt, requestedAt, settledAt, refundedAt, state } = payment;
  const known: { key: Key; at: string | null }[] = [
    { key: 'timeCreated', at: createdAt },
    // Of money that nobody was asked for: when the provider got it.
    { key: provider === 'paybill' ? 'timeReceived' : 'timeRequested', at: requestedAt },
    { key: 'timeSettled', at: settledAt },
    { key: 'timeRefunded', at: refundedAt },
  ];
  const times = known.flatMap(({ key, at }) => (at === null ? [] : [{ key, at }]));
  const sorted = times.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return settledAt === null ? [...sorted, { key: endOf(state), at: null }] : sorted;
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
