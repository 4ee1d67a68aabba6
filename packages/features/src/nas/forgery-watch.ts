import type { Clock } from '@turnpike/core/clock.js';

/** Counts packets with a wrong authenticator per NAS, over the minute before now. */
export interface ForgeryWatch {
  note(routerId: string): void;
  /** How many NASes sent more than `perMinute` of them within the last minute. */
  alarms(): number;
}

interface Count {
  startMs: number;
  here: number;
  before: number;
}

const MINUTE_MS = 60_000;

/** A moving minute from two fixed ones: the one before counts by the part of it that is still within a minute. */
export function createForgeryWatch({ clock, perMinute = 10 }: { clock: Clock; perMinute?: number }): ForgeryWatch {
  const counts = new Map<string, Count>();

  function turned(count: Count, nowMs: number): Count {
    const minutes = Math.floor((nowMs - count.startMs) / MINUTE_MS);
    if (minutes === 0) return count;
    return { startMs: count.startMs + minutes * MINUTE_MS, here: 0, before: minutes === 1 ? count.here : 0 };
  }

  return {
    note(routerId) {
      const nowMs = clock.monotonicMs();
      const count = turned(counts.get(routerId) ?? { startMs: nowMs, here: 0, before: 0 }, nowMs);
      count.here += 1;
      counts.set(routerId, count);
    },
    alarms() {
      const nowMs = clock.monotonicMs();
      let alarms = 0;
      for (const [routerId, known] of counts) {
        const count = turned(known, nowMs);
        const passed = (nowMs - count.startMs) / MINUTE_MS;
        if (count.here + count.before * (1 - passed) > perMinute) alarms += 1;
        if (count.here + count.before === 0) counts.delete(routerId);
      }
      return alarms;
    },
  };
}
