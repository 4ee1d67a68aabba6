import { createGate } from './report-gate.js';

test('never more than it may runs at once, all of it in its turn, also after one has failed', async () => {
  const gate = createGate(2);
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const work = (which: number) =>
    gate(async () => {
      begun.push(which);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (which === 1) throw new Error('one failed');
      return which;
    });
  const all = Promise.allSettled([0, 1, 2, 3, 4].map(work));
  const counts: number[] = [];
  while (ends.length > 0) {
    counts.push(ends.length);
    ends.shift()?.();
    await new Promise(setImmediate);
  }
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(Math.max(...counts)).toBe(2);
  expect((await all).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect(await gate(async () => 'free again')).toBe('free again');
});
