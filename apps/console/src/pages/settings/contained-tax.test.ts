import { containedTax } from './contained-tax.js';

test('the tax in a price is what the net price and the rate give, rounded half up', () => {
  expect(containedTax(11_600, 1_600)).toBe(1_600);
  expect(containedTax(10_000, 1_600)).toBe(1_379);
  expect(containedTax(10_000, 0)).toBe(0);
  expect(containedTax(3, 10_000)).toBe(2);
});
