import { createRereading } from './rereading.js';

function rig() {
  const ends: (() => void)[] = [];
  const rereading = createRereading(() => new Promise((resolve) => ends.push(resolve)));
  return { rereading, begun: () => ends.length, end: () => ends.at(-1)?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('who asks during a reading gets one more after it, together with all others who did', async () => {
  const { rereading, begun, end } = rig();
  const first = rereading.again();
  const others = [rereading.again(), rereading.again()];
  expect(begun()).toBe(1);
  end();
  await turn();
  expect(begun()).toBe(2);
  end();
  await Promise.all([first, ...others]);
  expect([begun(), rereading.running]).toEqual([2, undefined]);
  void rereading.again();
  expect(begun()).toBe(3);
  end();
});

test('after the end none follows the one under way', async () => {
  const { rereading, begun, end } = rig();
  const first = rereading.again();
  void rereading.again();
  rereading.stop();
  end();
  await first;
  expect(begun()).toBe(1);
});
