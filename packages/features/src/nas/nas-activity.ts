import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { NasReport } from './nas-activity.store.js';
import type { NasKey } from './nas-table.js';

/** What the NASes do, kept in memory and reported every few seconds; one entry a NAS, so a dead database costs no memory. */
export interface NasActivity {
  /** A packet that one of its secrets verified. `proven`: the packet itself shows that the NAS has that secret. */
  used(key: NasKey, facts: { readonly signed: boolean; readonly proven: boolean }): void;
  /** A packet that none of its secrets fits. */
  mismatched(routerId: string): void;
  /** A packet dropped because it sent more than it may. */
  throttled(routerId: string): void;
  /** Reports now; what cannot be stored is kept for the next time. Never rejects. */
  flush(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export interface NasActivityOptions {
  /** Stores reports, or rejects within a deadline of its own. */
  readonly store: (reports: readonly NasReport[]) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default 5 s. */
  readonly flushMs?: number;
}

type Entry = { -readonly [Field in keyof NasReport]: NasReport[Field] };

const FLUSH_MS = 5_000;

export function createNasActivity({ store, clock, logger, flushMs = FLUSH_MS }: NasActivityOptions): NasActivity {
  let entries = new Map<string, Entry>();
  let flushing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function entryOf(routerId: string): Entry {
    const known = entries.get(routerId);
    if (known !== undefined) return known;
    const made = emptyEntry(routerId);
    entries.set(routerId, made);
    return made;
  }

  async function report(): Promise<void> {
    const reports = entries;
    if (reports.size === 0) return;
    entries = new Map();
    try {
      await store([...reports.values()]);
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'what the NASes did could not be stored, it is kept for the next time');
      for (const [routerId, newer] of entries) reports.set(routerId, merged(reports.get(routerId), newer));
      entries = reports;
    }
  }

  /** What came while a report was under way is in the next one. */
  async function flush(): Promise<void> {
    await flushing;
    flushing ??= report().finally(() => {
      flushing = undefined;
    });
    await flushing;
  }

  return {
    used({ row, use }, { signed, proven }) {
      const nowMs = clock.now().getTime();
      const entry = entryOf(row.id);
      entry.lastRequestMs = nowMs;
      if (signed) entry.signedMs = nowMs;
      if (!proven) return;
      // After a rotation the names of the secrets change their meaning: what was seen before it no longer counts.
      if (entry.generation !== row.generation) {
        entry.generation = row.generation;
        entry.currentMs = null;
        entry.previousMs = null;
      }
      if (use === 'current') entry.currentMs = nowMs;
      else entry.previousMs = nowMs;
    },
    mismatched(routerId) {
      const entry = entryOf(routerId);
      entry.mismatches += 1;
      entry.lastMismatchMs = clock.now().getTime();
    },
    throttled(routerId) {
      const entry = entryOf(routerId);
      entry.throttled += 1;
      entry.lastThrottledMs = clock.now().getTime();
    },
    flush,
    start() {
      timer = setInterval(() => void flush(), flushMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

function emptyEntry(routerId: string): Entry {
  return {
    routerId,
    generation: null,
    lastRequestMs: null,
    currentMs: null,
    previousMs: null,
    signedMs: null,
    mismatches: 0,
    lastMismatchMs: null,
    throttled: 0,
    lastThrottledMs: null,
  };
}

function merged(older: Entry | undefined, newer: Entry): Entry {
  if (older === undefined) return newer;
  const proven = newer.currentMs !== null || newer.previousMs !== null;
  const same = !proven || newer.generation === older.generation;
  return {
    routerId: newer.routerId,
    generation: proven ? newer.generation : older.generation,
    lastRequestMs: newer.lastRequestMs ?? older.lastRequestMs,
    currentMs: newer.currentMs ?? (same ? older.currentMs : null),
    previousMs: newer.previousMs ?? (same ? older.previousMs : null),
    signedMs: newer.signedMs ?? older.signedMs,
    mismatches: older.mismatches + newer.mismatches,
    lastMismatchMs: newer.lastMismatchMs ?? older.lastMismatchMs,
    throttled: older.throttled + newer.throttled,
    lastThrottledMs: newer.lastThrottledMs ?? older.lastThrottledMs,
  };
}
