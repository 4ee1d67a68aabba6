import { createLatestValue } from './latest-value.js';

function counter() {
  const state = { nowMs: 0, loads: 0, fails: false };
  const waiting: (() => void)[] = [];
  const latest = createLatestValue({
    clock: { monotonicMs: () => state.nowMs },
    freshMs: 60,
    longestMs: 600,
    load: async () => {
      state.loads += 1;
      const value = state.loads;
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (state.fails) throw new Error('the database is away');
      return value;
    },
  });
  /** Lets what is being read arrive. */
  const arrive = async (): Promise<void> => {
    for (const resolve of waiting.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { state, latest, arrive };
}

test('the first who ask wait for one reading together', async () => {
  const { state, latest, arrive } = counter();
  const asked = [latest.read(), latest.read()];
  await arrive();
  expect(await Promise.all(asked)).toEqual([1, 1]);
  expect(state.loads).toBe(1);
});

test('what is out of date is given at once while one newer reading is under way', async () => {
  const { state, latest, arrive } = counter();
  const first = latest.read();
  await arrive();
  await first;
  state.nowMs = 59;
  expect(await latest.read()).toBe(1);
  expect(state.loads).toBe(1);
  state.nowMs = 60;
  expect(await Promise.all([latest.read(), latest.read()])).toEqual([1, 1]);
  expect(state.loads).toBe(2);
  await arrive();
  expect(await latest.read()).toBe(2);
});

test('what is too old is not given', async () => {
  const { state, latest, arrive } = counter();
  const first = latest.read();
  await arrive();
  await first;
  state.nowMs = 600;
  const later = latest.read();
  await arrive();
  expect(await later).toBe(2);
});

test('a reading that fails in the background leaves what there was, and is tried again', async () => {
  const { state, latest, arrive } = counter();
  const first = latest.read();
  await arrive();
  await first;
  Object.assign(state, { nowMs: 100, fails: true });
  expect(await latest.read()).toBe(1);
  await arrive();
  state.fails = false;
  expect(await latest.read()).toBe(1);
  await arrive();
  expect(await latest.read()).toBe(3);
});

test('after it was told to forget, not even what is on its way is kept', async () => {
  const { latest, arrive } = counter();
  const first = latest.read();
  latest.forget();
  await arrive();
  expect(await first).toBe(1);
  const second = latest.read();
  await arrive();
  expect(await second).toBe(2);
});
