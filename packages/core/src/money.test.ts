import { minorDigits, moneyText } from './money.js';

describe('money for people', () => {
  test.each<[bigint | number, string, string]>([
    [0n, 'KES', 'KES 0.00'],
    [5, 'KES', 'KES 0.05'],
    [125_000n, 'KES', 'KES 1,250.00'],
    [-500n, 'KES', 'KES -5.00'],
    [123_456_789n, 'UGX', 'UGX 123,456,789'],
    [1_234, 'KWD', 'KWD 1.234'],
    [9_223_372_036_854_775_807n, 'KES', 'KES 92,233,720,368,547,758.07'],
  ])('M10: %p minor units of %s are %s', (amount, currency, text) => {
    expect(moneyText(amount, currency)).toBe(text);
  });

  test('a currency nobody knows has two digits', () => {
    expect(minorDigits('QQQ')).toBe(2);
  });
});
