import { misfitsOf, sentenceOf } from './misfit.js';
import { aPayment } from './payment-rig.js';

const fitting = aPayment({ state: 'review', requestedAt: null, settledAt: null });

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
