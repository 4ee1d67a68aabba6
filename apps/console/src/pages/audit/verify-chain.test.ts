import { verifyChain } from './verify-chain.js';

describe('verifying the chain', () => {
  test('goes on from cursor to cursor and adds up what was checked', async () => {
    const asked: (string | undefined)[] = [];
    const told: number[] = [];
    const finding = await verifyChain(
      (checked) => told.push(checked),
      async (cursor) => {
        asked.push(cursor);
        return {
          checked: 5,
          head: `h${cursor ?? ''}`,
          firstBroken: null,
          nextCursor: cursor === undefined ? '5' : null,
        };
      },
    );
    expect(asked).toEqual([undefined, '5']);
    expect(told).toEqual([5, 10]);
    expect(finding).toEqual({ checked: 10, head: 'h5', firstBroken: null });
  });

  test('stops at the first entry that does not fit', async () => {
    const firstBroken = { id: '3', reason: 'its hash is another' };
    const finding = await verifyChain(
      () => undefined,
      async () => ({ checked: 3, head: 'h', firstBroken, nextCursor: '3' }),
    );
    expect(finding).toEqual({ checked: 3, head: 'h', firstBroken });
  });
});
