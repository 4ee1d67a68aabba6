import { maskMsisdn, parseMsisdn } from './msisdn.js';

describe('parseMsisdn', () => {
  test.each(['0712345678', '712345678', '254712345678', '+254 712 345 678', '00254712345678', '0712-345-678'])(
    'reads %p as 254712345678',
    (text) => expect(parseMsisdn(text)).toBe('254712345678'),
  );

  test('keeps a number of another country when it is written with a plus sign', () => {
    expect(parseMsisdn('+255 754 123 456')).toBe('255754123456');
  });

  test.each(['', '07123', '071234567890', '+254212345678', 'customer-1', '12', '+1234567890123456'])(
    'refuses %p',
    (text) => expect(parseMsisdn(text)).toBeUndefined(),
  );
});

test('a masked number shows neither the middle nor a short number', () => {
  expect(maskMsisdn('254712345678')).toBe('2547••••5678');
  expect(maskMsisdn('25471')).toBe('••••');
});
