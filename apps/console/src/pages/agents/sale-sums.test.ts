import { isEnough, sumsOf } from './sale-sums.js';

describe('sums of a sale', () => {
  test('rounds the commission of the whole sale down and takes the rest out of the wallet', () => {
    const sums = sumsOf(2_005, 1_000, 5);
    expect(sums).toEqual({ totalMinor: 10_025, commissionMinor: 1_002, debitedMinor: 9_023 });
  });

  test('knows whether the wallet of that currency holds it', () => {
    const balances = [{ currency: 'KES', balanceMinor: '9000' }];
    expect(isEnough(balances, 'KES', 9_000)).toBe(true);
    expect(isEnough(balances, 'KES', 9_001)).toBe(false);
    expect(isEnough(balances, 'UGX', 1)).toBe(false);
  });
});
