import { parseMacAddress } from './mac-address.js';

describe('parseMacAddress', () => {
  test.each(['aa:bb:cc:0d:0e:0f', 'AA-BB-CC-0D-0E-0F', 'aabb.cc0d.0e0f', 'AABBCC0D0E0F', ' aabb-cc0d-0e0f '])(
    'reads %p as AA:BB:CC:0D:0E:0F',
    (text) => expect(parseMacAddress(text)).toBe('AA:BB:CC:0D:0E:0F'),
  );

  test.each(['', 'aa:bb:cc:dd:ee', 'aa:bb-cc:dd:ee:ff', 'gg:bb:cc:dd:ee:ff', 'aabbccddeeff00', "aa:bb:cc:dd:ee:ff'--"])(
    'refuses %p',
    (text) => expect(parseMacAddress(text)).toBeUndefined(),
  );
});
