import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { createPacer } from './pacer.js';

const never = new AbortController().signal;

describe('the pace of orders to one router', () => {
  test('a burst goes at once, the next waits its turn, and another router is not held up', async () => {
    const clock = createSteerableClock();
    const pacer = createPacer({ perSecond: 100, burst: 3 }, clock);
    await Promise.all([1, 2, 3].map(() => pacer.turn('a', never)));
    const started = performance.now();
    const waited = [1, 2, 3].map(() => pacer.turn('a', never).then(() => performance.now() - started));
    await pacer.turn('b', never);
    expect((await Promise.all(waited)).at(-1)).toBeGreaterThanOrEqual(28);
  });

  test('time that passes gives the burst back', async () => {
    const clock = createSteerableClock();
    const pacer = createPacer({ perSecond: 0.001, burst: 2 }, clock);
    await Promise.all([1, 2].map(() => pacer.turn('a', never)));
    clock.advance(2_000_000);
    await Promise.all([1, 2].map(() => pacer.turn('a', never)));
  });

  test('whoever gives up while waiting hears of it at once', async () => {
    const pacer = createPacer({ perSecond: 0.001, burst: 1 }, createSteerableClock());
    await pacer.turn('a', never);
    const stop = new AbortController();
    const waiting = pacer.turn('a', stop.signal);
    stop.abort(new Error('not needed any more'));
    await expect(waiting).rejects.toThrow('not needed any more');
  });
});
