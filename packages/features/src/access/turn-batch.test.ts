import { createTurnBatch } from './turn-batch.js';

describe('a batch of one turn', () => {
  test('does together what comes in one turn, in calls of limited size, and gives each its own result', async () => {
    const calls: (readonly number[])[] = [];
    const double = createTurnBatch<number, number>({
      most: 2,
      run: async (items) => {
        calls.push(items);
        return items.map((item) => item * 2);
      },
    });
    expect(await Promise.all([double(1), double(2), double(3)])).toEqual([2, 4, 6]);
    expect(await double(4)).toBe(8);
    expect(calls).toEqual([[1, 2], [3], [4]]);
  });

  test('a call that fails, or gives too little, fails for its items only', async () => {
    const some = createTurnBatch<number, number>({
      most: 1,
      run: ([item = 0]) =>
        item === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(item === 2 ? [] : [item]),
    });
    const [failed, short, fine] = await Promise.allSettled([some(1), some(2), some(3)]);
    expect([failed?.status, short?.status, fine?.status]).toEqual(['rejected', 'rejected', 'fulfilled']);
  });
});
