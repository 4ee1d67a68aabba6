import fc from 'fast-check';
import { MAX_COMMISSION_BASIS_POINTS, MAX_SOLD_AT_ONCE } from '@turnpike/contracts/agents.js';
import { saleMoney } from './commission.js';

const terms = fc.record({
  priceMinor: fc.integer({ min: 0, max: 1_000_000_000 }),
  count: fc.integer({ min: 1, max: MAX_SOLD_AT_ONCE }),
  commissionBasisPoints: fc.integer({ min: 0, max: MAX_COMMISSION_BASIS_POINTS }),
});

describe('the commission of a sale', () => {
  test.each([
    // price of one, count, hundredths of a percent -> price of all, commission, taken out of the wallet
    [1_000, 10, 1_000, 10_000n, 1_000n, 9_000n],
    [999, 1, 1_000, 999n, 99n, 900n],
    [1, 1, 5_000, 1n, 0n, 1n],
    [3, 3, 3_333, 9n, 2n, 7n],
    [1_050, 7, 725, 7_350n, 532n, 6_818n],
    [0, 5, 5_000, 0n, 0n, 0n],
    [1_000, 2, 0, 2_000n, 0n, 2_000n],
  ])('M10: %d x %d at %d: %d, of which %d, leaves %d', (priceMinor, count, points, price, commission, debited) => {
    expect(saleMoney({ priceMinor, count, commissionBasisPoints: points })).toEqual({
      priceMinor: price,
      commissionMinor: commission,
      debitedMinor: debited,
    });
  });

  test('M10: is the largest whole number of minor units that is not more than its share, and nothing is lost', () => {
    fc.assert(
      fc.property(terms, (given) => {
        const { priceMinor, commissionMinor, debitedMinor } = saleMoney(given);
        const exact = priceMinor * BigInt(given.commissionBasisPoints);
        expect(priceMinor).toBe(BigInt(given.priceMinor) * BigInt(given.count));
        expect(commissionMinor * 10_000n <= exact && exact < (commissionMinor + 1n) * 10_000n).toBe(true);
        expect(commissionMinor + debitedMinor).toBe(priceMinor);
        expect(debitedMinor >= commissionMinor).toBe(true);
        expect(priceMinor <= BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('M10: selling in one go never earns less than selling one by one', () => {
    fc.assert(
      fc.property(terms, (given) => {
        const one = saleMoney({ ...given, count: 1 }).commissionMinor * BigInt(given.count);
        expect(saleMoney(given).commissionMinor >= one).toBe(true);
      }),
    );
  });
});
