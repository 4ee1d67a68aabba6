import { getEventListeners } from 'node:events';
import { createAbortGroup } from './abort-group.js';

test('puts one listener on a signal for many waiters, and takes it off with the last', () => {
  const group = createAbortGroup();
  const { signal } = new AbortController();
  const leaves = Array.from({ length: 50 }, () => group.join(signal, () => undefined));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  for (const leave of leaves) leave();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('tells those who stayed, of this signal only, once', () => {
  const group = createAbortGroup();
  const [one, two] = [new AbortController(), new AbortController()];
  const told: string[] = [];
  group.join(one.signal, () => told.push('stayed'));
  group.join(one.signal, () => told.push('left'))();
  group.join(two.signal, () => told.push('other'));
  one.abort();
  one.abort();
  expect(told).toEqual(['stayed']);
});

test('a waiter may leave while the others are told', () => {
  const group = createAbortGroup();
  const controller = new AbortController();
  const told: number[] = [];
  const leaves = [0, 1].map((n) =>
    group.join(controller.signal, () => {
      told.push(n);
      for (const leave of leaves) leave();
    }),
  );
  controller.abort();
  expect(told).toEqual([0]);
});
