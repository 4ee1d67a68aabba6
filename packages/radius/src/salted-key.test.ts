import fc from 'fast-check';
import { MAX_SALTED_KEY_BYTES, hideSaltedKey, revealSaltedKey, saltedKeySize } from './salted-key.js';

const SECRET = Buffer.from('a secret of thirty-two characters');
const AUTHENTICATOR = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const bytesOf = (length: number): string => Buffer.from(Array.from({ length }, (_, n) => n)).toString('hex');

// Computed by another implementation of RFC 2548 2.4.2, in another language.
test.each([
  ['d5f0e9521e3ea9589645e86051c82226', 0x8001, '8001b8b0359d3e08d1d12661547e07f82518a95d952470811775b899fa9fbe8ef02a'],
  ['8b7cdc149b993a1ba118cb153f56dccb', 0xfffe, 'fffe0b7b3923f97b13d0b421b5791ea80cfb06badc4b91cc5edd13d5487b418f5485'],
  [bytesOf(15), 0x8000, '80007708824c8ad9319ff1243f1ad566372e'],
  ['', 0x9abc, '9abcf57627615d63c9be204034c7b0197fe6'],
  [
    bytesOf(32),
    0xc0de,
    'c0de6e9be63b2e1b2cad00ded3dad17f41d6958642f79634a1d67bf6d5d6c351ff5640d69d75b103777522d181ed08d26a15',
  ],
])('hides %s with salt %d as RFC 2548 says, and finds it again', (key, salt, hidden) => {
  const bytes = hideSaltedKey(Buffer.from(key, 'hex'), salt, AUTHENTICATOR, SECRET);
  expect(bytes.toString('hex')).toBe(hidden);
  expect(revealSaltedKey(bytes, AUTHENTICATOR, SECRET)?.toString('hex')).toBe(key);
});

test('any key of up to 239 bytes makes the round trip, in the size foretold', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: MAX_SALTED_KEY_BYTES }),
      fc.integer({ min: 0x8000, max: 0xffff }),
      (bytes, salt) => {
        const key = Buffer.from(bytes);
        const hidden = hideSaltedKey(key, salt, AUTHENTICATOR, SECRET);
        expect(hidden.length).toBe(saltedKeySize(key.length));
        expect(hidden.length).toBeLessThanOrEqual(247);
        expect(revealSaltedKey(hidden, AUTHENTICATOR, SECRET)).toEqual(key);
      },
    ),
    { numRuns: 500 },
  );
});

test('another secret or authenticator does not give the key', () => {
  const key = Buffer.alloc(16, 7);
  const hidden = hideSaltedKey(key, 0x8000, AUTHENTICATOR, SECRET);
  expect(revealSaltedKey(hidden, AUTHENTICATOR, Buffer.from('other'))).not.toEqual(key);
  expect(revealSaltedKey(hidden, Buffer.alloc(16), SECRET)).not.toEqual(key);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a salt alone', Buffer.from([0x80, 0])],
  ['half a block', Buffer.alloc(10, 0x80)],
  ['a salt without its top bit', Buffer.alloc(18, 0x7f)],
])('finds no key in %s', (_what, hidden) => {
  expect(revealSaltedKey(hidden, AUTHENTICATOR, SECRET)).toBeUndefined();
});

test('refuses a key that does not fit and a salt without its top bit', () => {
  expect(() => hideSaltedKey(Buffer.alloc(240), 0x8000, AUTHENTICATOR, SECRET)).toThrow(RangeError);
  for (const salt of [0, 0x7fff, 0x1_0000, Number.NaN]) {
    expect(() => hideSaltedKey(Buffer.alloc(16), salt, AUTHENTICATOR, SECRET)).toThrow(RangeError);
  }
});
