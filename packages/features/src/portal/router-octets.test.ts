import { createHash } from 'node:crypto';
import { parseRouterChallenge, parseRouterOctets, routerPassword } from './router-octets.js';

describe('the octets that a router writes into its login page', () => {
  test.each([
    ['\\376', [0o376]],
    ['\\000\\12a\\x41', [0, 10, 97, 65]],
    ['\\\\\\"\\n', [92, 34, 10]],
    ['plain', [112, 108, 97, 105, 110]],
    ['', []],
  ])('%j', (text, octets) => {
    expect([...(parseRouterOctets(text) ?? [])]).toEqual(octets);
  });

  test('are none when there are too many, or characters beyond an octet', () => {
    expect(parseRouterOctets('\\001'.repeat(65))).toBeUndefined();
    expect(parseRouterOctets('\u20ac')).toBeUndefined();
  });

  test('the answer to a challenge is the MD5 of id, password and challenge, as RouterOS checks it', () => {
    const every = Array.from({ length: 16 }, (_, index) => `\\${(index * 17).toString(8).padStart(3, '0')}`).join('');
    const chap = parseRouterChallenge('\\215', every);
    const octets = Buffer.from(Array.from({ length: 16 }, (_, index) => index * 17));
    const expected = createHash('md5')
      .update(Buffer.from([0o215]))
      .update('pässword')
      .update(octets)
      .digest('hex');
    expect(routerPassword('pässword', chap)).toBe(expected);
  });

  test('without a challenge that makes sense the password itself is sent', () => {
    expect(parseRouterChallenge('', '')).toBeUndefined();
    expect(parseRouterChallenge('\\001\\002', '\\003')).toBeUndefined();
    expect(routerPassword('plain', undefined)).toBe('plain');
  });
});
