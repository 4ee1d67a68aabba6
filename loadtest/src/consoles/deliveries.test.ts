import { deliveriesOf, type Change } from './deliveries.js';

const change = (key: string, answeredMs: number): Change => ({ key, answeredMs, from: 'api' });

test('counts from the answer to each console, and what one did not hear of', () => {
  const heard = [
    new Map([
      ['a', 110],
      ['b', 195],
    ]),
    new Map([['a', 150]]),
  ];
  const { tookMs, missing } = deliveriesOf([change('a', 100), change('b', 200)], heard);
  // An event may come before the answer.
  expect(tookMs).toEqual([10, 50, 0]);
  expect(missing).toBe(1);
});
