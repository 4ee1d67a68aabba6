import type { Clock } from '@turnpike/core/clock.js';
import { systemClock } from '@turnpike/core/clock.js';

/** A clock that can also wake somebody up. */
export interface SimTime extends Clock {
  /** Calls `wake` once after `ms`; the returned function takes it back. */
  after(ms: number, wake: () => void): () => void;
}

/** Real time. Timers do not keep the process alive: its listening sockets do. */
export function realTime(clock: Clock = systemClock): SimTime {
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    after: (ms, wake) => {
      const timer = setTimeout(wake, Math.min(ms, 2 ** 31 - 1));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

export interface SteerableTime extends SimTime {
  /** Lets `ms` go by: wakes everybody due, in order, and lets their promises run in between. */
  advance(ms: number): Promise<void>;
}

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that stands still until a test lets it go by. */
export function steerableTime(start: Date = new Date('2026-01-01T00:00:00Z')): SteerableTime {
  let nowMs = 0;
  let order = 0;
  const alarms = new Set<Alarm>();
  const nextDue = (until: number): Alarm | undefined =>
    [...alarms].filter((alarm) => alarm.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0];
  return {
    now: () => new Date(start.getTime() + nowMs),
    monotonicMs: () => nowMs,
    after: (ms, wake) => {
      order += 1;
      const alarm = { at: nowMs + Math.max(0, ms), order, wake };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    advance: async (ms) => {
      const until = nowMs + ms;
      await turn();
      for (let alarm = nextDue(until); alarm !== undefined; alarm = nextDue(until)) {
        alarms.delete(alarm);
        nowMs = Math.max(nowMs, alarm.at);
        alarm.wake();
        await turn();
      }
      nowMs = until;
      await turn();
    },
  };
}
