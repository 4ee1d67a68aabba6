import { coalesce } from './coalesce.js';

describe('coalescing calls', () => {
  test('what is asked for together, or while a call is under way, travels together and comes back in its place', async () => {
    const batches: number[][] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const double = coalesce(async (items: readonly number[]) => {
      batches.push([...items]);
      if (batches.length === 1) await held;
      return items.map((item) => item * 2);
    });
    const first = [double(1), double(2)];
    await new Promise((resolve) => setImmediate(resolve));
    const second = [3, 4, 5].map(double);
    release();
    expect(await Promise.all([...first, ...second])).toEqual([2, 4, 6, 8, 10]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  test('a batch that fails rejects its own callers only, and one that is too large is divided', async () => {
    const sizes: number[] = [];
    const run = coalesce(async (items: readonly number[]) => {
      sizes.push(items.length);
      if (items.includes(1)) throw new Error('refused');
      return items;
    }, 2);
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(run));
    expect(results.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(sizes).toEqual([2, 2, 1]);
    expect(await run(6)).toBe(6);
  });
});
