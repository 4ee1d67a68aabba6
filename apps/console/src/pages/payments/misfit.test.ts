import type { PaymentView } from '@turnpike/contracts/payments.js';
import { misfitsOf, sentenceOf } from './misfit.js';

const fitting: PaymentView = {
  id: '0199a000-0000-7000-8000-000000000001',
  reference: 'r',
  provider: 'mpesa',
  state: 'review',
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
  requestedAt: null,
  settledAt: null,
  refundedAt: null,
};

describe('what does not fit of a payment', () => {
  test('says nothing where all that is known fits', () => {
    expect(misfitsOf(fitting)).toEqual([]);
  });

  test('names both amounts and both phones where they differ', () => {
    expect(misfitsOf({ ...fitting, paidMinor: 1_500, paidMsisdn: '254700000001' })).toEqual([
      { kind: 'misfitAmount', paid: 'KES 15.00', asked: 'KES 20.00' },
      { kind: 'misfitPhone', paid: '254700000001', asked: '254712345678' },
    ]);
  });

  test('names a receipt that is missing and money of nobody', () => {
    const kinds = misfitsOf({ ...fitting, receipt: null, msisdn: null }).map(({ kind }) => kind);
    expect(kinds).toEqual(['misfitReceipt', 'misfitNobody']);
  });

  test('makes a sentence of what the server says', () => {
    expect(sentenceOf('another phone paid')).toBe('Another phone paid.');
    expect(sentenceOf('Done.')).toBe('Done.');
  });
});
