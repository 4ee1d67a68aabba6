import { coalesce, createBatcher, type BatcherOptions } from './batcher.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Batches that end when they are told to. */
function rig(more: Partial<BatcherOptions<number, void>> = {}) {
  const groups: (readonly number[])[] = [];
  const open: (() => void)[] = [];
  const add = createBatcher<number, void>({
    run: async (group) => {
      groups.push(group);
      await new Promise<void>((resolve) => open.push(resolve));
      return group.map(() => undefined);
    },
    maxItems: 3,
    maxRunning: 1,
    maxWaiting: 8,
    ...more,
  });
  return { add, groups, finishNext: () => open.shift()?.() };
}

describe('a batcher', () => {
  test('does together what comes in one turn, in calls of limited size, and gives each its own result', async () => {
    const calls: (readonly number[])[] = [];
    const double = createBatcher<number, number>({
      maxItems: 2,
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
    const some = createBatcher<number, number>({
      maxItems: 1,
      run: ([item = 0]) =>
        item === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(item === 2 ? [] : [item]),
    });
    const [failed, short, fine] = await Promise.allSettled([some(1), some(2), some(3)]);
    expect([failed?.status, short?.status, fine?.status]).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  test('does at most so many at once, and the rest when there is room', async () => {
    const { add, groups, finishNext } = rig();
    const all = Promise.all([1, 2, 3, 4, 5].map((item) => add(item)));
    await turn();
    expect(groups).toEqual([[1, 2, 3]]);
    const late = add(6);
    finishNext();
    await turn();
    await turn();
    expect(groups).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    finishNext();
    await Promise.all([all, late]);
  });

  test('rejects every item of a batch that fails, and goes on', async () => {
    let fails = true;
    const add = createBatcher<number, number>({
      run: async (items) => {
        if (fails) throw new Error('away');
        return items;
      },
      maxItems: 10,
      maxRunning: 1,
    });
    const outcomes = await Promise.allSettled([add(1), add(2)]);
    expect(outcomes.map((each) => each.status)).toEqual(['rejected', 'rejected']);
    fails = false;
    await add(3);
  });

  test('A14: one item that cannot be done does not take its batch with it', async () => {
    const add = createBatcher<number, number>({
      run: async (items) => {
        if (items.includes(13)) throw new RangeError('not this one');
        return items;
      },
      maxItems: 10,
      waitMs: 1,
      maxRunning: 1,
      mayBeOneItem: (error) => error instanceof RangeError,
    });
    const outcomes = await Promise.allSettled([12, 13, 14].map((item) => add(item)));
    expect(outcomes.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('refuses more than it may hold, in the words it was given', async () => {
    const { add, finishNext } = rig({ maxWaiting: 2, refusal: 'too much accounting waits' });
    const kept = [add(1), add(2)];
    await expect(add(3)).rejects.toThrow('too much accounting waits');
    await turn();
    finishNext();
    await Promise.all(kept);
  });
});

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
    await turn();
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
