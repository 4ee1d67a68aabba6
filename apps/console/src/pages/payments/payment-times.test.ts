import type { PaymentView } from '@turnpike/contracts/payments.js';
import { timesOf } from './payment-times.js';

const payment: PaymentView = {
  id: '0199a000-0000-7000-8000-000000000001',
  reference: 'r',
  provider: 'mpesa',
  state: 'succeeded',
  purpose: 'package',
  customerId: null,
  packageId: null,
  packageName: 'Hour',
  amountMinor: 2_000,
  currency: 'KES',
  msisdn: '254712345678',
  mac: null,
  receipt: 'SGR7A1B2C3',
  paidMinor: 2_000,
  paidMsisdn: '254712345678',
  resultCode: '0',
  detail: null,
  entitlementId: null,
  createdBy: 'system',
  createdAt: '2026-11-23T05:00:00.000Z',
  requestedAt: '2026-11-23T05:00:01.000Z',
  settledAt: '2026-11-23T05:00:20.000Z',
  refundedAt: null,
};

function keys(changed: Partial<PaymentView>): string[] {
  return timesOf({ ...payment, ...changed }).map(({ key }) => key);
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
