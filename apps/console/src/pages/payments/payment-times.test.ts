import type { PaymentView } from '@turnpike/contracts/payments.js';
import { aPayment } from './payment-rig.js';
import { timesOf } from './payment-times.js';

function keys(changed: Partial<PaymentView>): string[] {
  return timesOf(aPayment(changed)).map(({ key }) => key);
}

describe('what happened to a payment', () => {
  test('goes from the making over the asking to the money', () => {
    expect(keys({})).toEqual(['timeCreated', 'timeRequested', 'timeSettled']);
    expect(keys({ refundedAt: '2026-11-24T05:00:00.000Z' }).at(-1)).toBe('timeRefunded');
  });

  test('says of money without a request when it came, though we heard of it later', () => {
    const changed = {
      provider: 'paybill',
      state: 'review',
      settledAt: null,
      requestedAt: '2026-11-22T10:00:00.000Z',
    } as const;
    expect(keys(changed)).toEqual(['timeReceived', 'timeCreated', 'timeReview']);
  });

  test('ends with how it stands when there is no money', () => {
    expect(keys({ state: 'timed_out', settledAt: null }).at(-1)).toBe('timeTimedOut');
    expect(keys({ state: 'requested', settledAt: null }).at(-1)).toBe('timeOpen');
  });
});
