import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { BreakerOpenError, createBreaker } from './breaker.js';

const failing = () => Promise.reject(new Error('away'));

describe('the breaker', () => {
  test('leaves a store alone after repeated failures, lets one call try after the pause, and closes when it works', async () => {
    const clock = createSteerableClock();
    const breaker = createBreaker({ clock, failures: 3, pauseMs: 1_000 });
    for (let call = 0; call < 3; call += 1) await expect(breaker.run(failing)).rejects.toThrow('away');
    expect(breaker.isOpen).toBe(true);
    await expect(breaker.run(async () => 'fine')).rejects.toBeInstanceOf(BreakerOpenError);
    clock.advance(1_000);
    const trial = breaker.run(async () => 'fine');
    await expect(breaker.run(async () => 'fine')).rejects.toBeInstanceOf(BreakerOpenError);
    await expect(trial).resolves.toBe('fine');
    expect(breaker.isOpen).toBe(false);
    await expect(breaker.run(async () => 'again')).resolves.toBe('again');
  });

  test('failures that are not in a row do not open it', async () => {
    const breaker = createBreaker({ clock: createSteerableClock(), failures: 2 });
    for (let round = 0; round < 5; round += 1) {
      await expect(breaker.run(failing)).rejects.toThrow('away');
      await expect(breaker.run(async () => round)).resolves.toBe(round);
    }
  });
});
