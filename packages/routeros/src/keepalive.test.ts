import { jest } from '@jest/globals';
import { Keepalive } from './keepalive.js';

describe('Keepalive', () => {
  const probe = jest.fn();
  const dead = jest.fn();

  beforeEach(() => {
    jest.useFakeTimers();
    jest.clearAllMocks();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test('asks nothing while the router is heard', () => {
    const keepalive = new Keepalive({ intervalMs: 10, probe, dead });
    for (let tick = 0; tick < 5; tick += 1) {
      keepalive.heard();
      jest.advanceTimersByTime(10);
    }
    expect(probe).not.toHaveBeenCalled();
    keepalive.stop();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('asks a silent router once, and believes that it is dead one interval later', () => {
    const keepalive = new Keepalive({ intervalMs: 10, probe, dead });
    jest.advanceTimersByTime(20);
    expect([probe.mock.calls.length, dead.mock.calls.length]).toEqual([1, 0]);
    jest.advanceTimersByTime(11);
    expect([probe.mock.calls.length, dead.mock.calls.length]).toEqual([1, 1]);
    keepalive.stop();
  });

  test('an answer that is read right after the timer, when our own process was slow, counts', () => {
    const keepalive = new Keepalive({ intervalMs: 10, probe, dead });
    jest.advanceTimersByTime(29);
    setTimeout(() => keepalive.heard(), 1);
    jest.advanceTimersByTime(9);
    expect(dead).not.toHaveBeenCalled();
    keepalive.stop();
  });
});
