import { taxOn } from './tax-sum.js';

const vat = { name: 'VAT', basisPoints: 1_600, inclusive: true };

test.each([
  [0n, 0n],
  [1_160n, 160n],
  // 0.5 of a cent is rounded up, a little less down; of what is given back the same amount is taken off.
  [3n, 0n],
  [4n, 1n],
  [-4n, -1n],
  [1_000n, 138n],
  [-1_000n, -138n],
  [9_007_199_254_740_993n, 1_242_372_310_998_758n],
])('16 %% contained in %i is %i', (amount, tax) => {
  expect(taxOn(amount, vat)).toBe(tax);
});

test('half a cent goes up', () => {
  expect(taxOn(105n, { name: 'T', basisPoints: 500, inclusive: true })).toBe(5n);
  expect(taxOn(10n, { name: 'T', basisPoints: 500, inclusive: false })).toBe(1n);
  expect(taxOn(-10n, { name: 'T', basisPoints: 500, inclusive: false })).toBe(-1n);
});

test('without a rate there is none', () => {
  expect(taxOn(1_000n, { name: 'none', basisPoints: 0, inclusive: true })).toBe(0n);
});
