import fc from 'fast-check';
import { fromGigawords, toGigawords } from './octets.js';

test('A3: any 64-bit count survives the trip through two 32-bit halves', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (total) => {
      const { octets, gigawords } = toGigawords(total);
      expect(octets).toBeLessThan(2 ** 32);
      expect(gigawords).toBeLessThan(2 ** 32);
      expect(fromGigawords(octets, gigawords)).toBe(total);
    }),
  );
});
