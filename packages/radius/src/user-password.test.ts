import fc from 'fast-check';
import { hidePassword, revealPassword, samePassword } from './user-password.js';

const SECRET = Buffer.from('secret');
const AUTHENTICATOR = Buffer.alloc(16, 3);
const bytes = (constraints: fc.IntArrayConstraints): fc.Arbitrary<Buffer> =>
  fc.uint8Array(constraints).map((array) => Buffer.from(array));

test('R16: any password of up to 128 bytes comes back but for NULs at its end', () => {
  fc.assert(
    fc.property(bytes({ maxLength: 128 }), bytes({ minLength: 16, maxLength: 16 }), (password, authenticator) => {
      const hidden = hidePassword(password, authenticator, SECRET);
      expect(hidden.length % 16).toBe(0);
      expect(hidden.length).toBeGreaterThanOrEqual(16);
      const revealed = revealPassword(hidden, authenticator, SECRET);
      expect(samePassword(revealed, password)).toBe(true);
      expect(password.subarray(0, revealed.length)).toEqual(revealed);
    }),
    { numRuns: 500 },
  );
});

test('keeps NULs and bytes that are no UTF-8 inside a password', () => {
  const password = Buffer.from([0x70, 0x00, 0xff, 0xfe, 0x70]);
  expect(revealPassword(hidePassword(password, AUTHENTICATOR, SECRET), AUTHENTICATOR, SECRET)).toEqual(password);
  expect(samePassword(Buffer.from('p\xff', 'latin1'), Buffer.from('p\xfe', 'latin1'))).toBe(false);
});

test('refuses to hide more than 128 bytes', () => {
  expect(() => hidePassword(Buffer.alloc(129, 1), AUTHENTICATOR, SECRET)).toThrow(RangeError);
});

test('a wrong secret gives noise, not an error', () => {
  const hidden = hidePassword(Buffer.from('arctangent'), AUTHENTICATOR, SECRET);
  const revealed = revealPassword(hidden, AUTHENTICATOR, Buffer.from('wrong'));
  expect(samePassword(revealed, Buffer.from('arctangent'))).toBe(false);
});

test('tells passwords apart that share a beginning, and never matches one above 128 bytes', () => {
  expect(samePassword(Buffer.from('abc'), Buffer.from('abcd'))).toBe(false);
  expect(samePassword(Buffer.from(''), Buffer.from('a'))).toBe(false);
  expect(samePassword(Buffer.alloc(129, 1), Buffer.alloc(129, 1))).toBe(false);
});
