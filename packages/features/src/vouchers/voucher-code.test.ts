import { createVoucherCodes, isVoucherUsername, parseVoucherCode, voucherUsername } from './voucher-code.js';

const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const OLD_KEY = '11'.repeat(32);
const NEW_KEY = '22'.repeat(32);
const codes = createVoucherCodes([OLD_KEY]);

describe('voucher codes', () => {
  test('10,000 of them are all different, printed in three groups, of letters that cannot be mistaken', () => {
    const made = Array.from({ length: 10_000 }, () => codes.generate());
    expect(new Set(made).size).toBe(10_000);
    for (const code of made) expect(code).toMatch(/^[A-HJKMNP-Z2-9]{4}(-[A-HJKMNP-Z2-9]{4}){2}$/);
    for (const code of made.slice(0, 500)) expect(codes.parse(code)).toBe(code);
  });

  test('M9: a code is one of 31^11: 54 bits that cannot be known, and a check character that follows from them', () => {
    const made = Array.from({ length: 5_000 }, () => codes.generate().replaceAll('-', ''));
    const lettersAt = Array.from({ length: 12 }, (_, place) => new Set(made.map((code) => code.charAt(place))).size);
    expect(lettersAt).toEqual(Array.from({ length: 12 }, () => LETTERS.length));
    const bits = 11 * Math.log2(LETTERS.length);
    expect(bits).toBeGreaterThan(54);
    for (const look of '0O1IL') expect(LETTERS).not.toContain(look);
    for (const code of made.slice(0, 50)) {
      const fitting = [...LETTERS].filter((last) => parseVoucherCode(code.slice(0, 11) + last) !== undefined);
      expect(fitting).toEqual([code.charAt(11)]);
    }
  });

  test('every letter comes at every place but the last about equally often', () => {
    const counts = new Map<string, number>();
    for (let made = 0; made < 3_100; made += 1) {
      const letter = codes.generate().charAt(0);
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...LETTERS].sort());
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(60);
  });

  test('case, dashes and spaces do not matter', () => {
    const code = codes.generate();
    const plain = code.replaceAll('-', '');
    for (const typed of [
      plain,
      plain.toLowerCase(),
      ` ${code.toLowerCase()} `,
      code.replaceAll('-', ' '),
      [...plain].join('-'),
      `${code}\n`,
    ]) {
      expect(parseVoucherCode(typed)).toBe(code);
    }
  });

  test('one wrong letter anywhere, or any two that changed places, is no code', () => {
    for (let round = 0; round < 5; round += 1) {
      const letters = [...codes.generate().replaceAll('-', '')];
      for (let at = 0; at < letters.length; at += 1) {
        for (const other of LETTERS) {
          if (other !== letters[at]) expect(parseVoucherCode(letters.with(at, other).join(''))).toBeUndefined();
        }
        for (let to = at + 1; to < letters.length; to += 1) {
          const [one, two] = [letters[at] ?? '', letters[to] ?? ''];
          if (one !== two) expect(parseVoucherCode(letters.with(at, two).with(to, one).join(''))).toBeUndefined();
        }
      }
    }
  });

  test.each(['', 'ABCD', 'ABCD-EFGH-JKM', 'ABCD-EFGH-JKMNP', 'O0IL-1OI0-LLLL', 'X'.repeat(40), 'ÄBCD-EFGH-JKMN', '\0'])(
    '%j is no code',
    (text) => expect(parseVoucherCode(text)).toBeUndefined(),
  );

  test('no phone number and no bare MAC address is one, so that they are never taken for a voucher', () => {
    for (let number = 22_222_222; number < 22_222_222 + 2_000; number += 1) {
      expect(parseVoucherCode(`2547${number}`)).toBeUndefined();
      expect(parseVoucherCode(`AABB${number}`)).toBeUndefined();
    }
  });

  test('the hash depends on the key, and says nothing of the code', () => {
    const code = codes.generate();
    expect(codes.hash(code)).toMatch(/^[\w-]{43}$/);
    expect(codes.hash(code)).toBe(createVoucherCodes([OLD_KEY, NEW_KEY]).hash(code));
    expect(codes.hash(code)).not.toBe(createVoucherCodes([NEW_KEY]).hash(code));
    expect(codes.usernameOf(code)).toBe(`v.${codes.hash(code).slice(0, 26)}`);
    expect(codes.usernameOf(code)).toBe(voucherUsername(codes.hash(code)));
    expect(codes.usernameOf(code).toUpperCase()).not.toContain(code);
  });

  test('after a rotation the new key comes first and the old one still finds', () => {
    const code = codes.generate();
    const rotated = createVoucherCodes([NEW_KEY, OLD_KEY]);
    expect(rotated.hashes(code)).toEqual([createVoucherCodes([NEW_KEY]).hash(code), codes.hash(code)]);
    expect(() => createVoucherCodes([])).toThrow('at least one encryption key');
  });

  test('the username of a voucher is told from others', () => {
    expect(isVoucherUsername(codes.usernameOf(codes.generate()))).toBe(true);
    for (const other of ['v.', 'v.short', 'vincent', `v.${'x'.repeat(27)}`, `v.${'é'.repeat(26)}`, '254712345678']) {
      expect(isVoucherUsername(other)).toBe(false);
    }
  });
});
