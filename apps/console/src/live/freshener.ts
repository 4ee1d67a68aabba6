import { getDashboardSeries, getDashboardStats } from '@turnpike/contracts/dashboard.js';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';

/** Tells when answers have to be asked for again. */
export interface Freshener {
  /** Something of a topic has changed. */
  topic(topic: string): void;
  /** Everything may have changed. */
  everything(): void;
  /** Nothing more is told. */
  stop(): void;
}

interface Options {
  /** Answers whose key begins like this are old; all of them where it is empty. */
  readonly makeOld: (key: readonly string[]) => void;
  /** ms, never going back. */
  readonly now: () => number;
  /** 0 <= x < 1. */
  readonly random: () => number;
  /** Calls `act` after so many ms, unless what it gives is called before. */
  readonly later: (act: () => void, ms: number) => () => void;
}

/** Answers that are asked for at the same pace: all of a topic, or of some of its endpoints. */
interface Group {
  readonly key: readonly string[];
  readonly everyMs: number;
  /** Once more so long after the last change: the first answer may still have come from the service's cache. */
  readonly againAfterMs?: number;
}

/** A busy network tells of several changes a second, and hundreds of consoles hear of each at the same moment. */
const EVERY_MS = 1_000;
const SPREAD_MS = 250;
const keyOf = ({ tag, path }: Pick<Endpoint, 'tag' | 'path'>): readonly string[] => [tag, path];
/** Every change makes the figures of the front page old, which the service itself counts anew only so often. */
const DASHBOARD: readonly Group[] = [
  { key: keyOf(getDashboardStats), everyMs: 5_000, againAfterMs: 18_000 },
  { key: keyOf(getDashboardSeries), everyMs: 30_000, againAfterMs: 31_000 },
];

/**
 * The first change is followed almost at once, those after it together when the time is over; the last one always. Consoles
 * do not ask all at the same moment.
 */
export function createFreshener({ makeOld, now, random, later }: Options): Freshener {
  const waiting = new Map<string, () => void>();
  const settling = new Map<string, () => void>();
  const told = new Map<string, number>();
  const tell = ({ key, everyMs, againAfterMs }: Group): void => {
    const name = key.join(' ');
    if (waiting.has(name)) return;
    settling.get(name)?.();
    settling.delete(name);
    const restMs = (told.get(name) ?? -Infinity) + everyMs - now();
    const act = (): void => {
      waiting.delete(name);
      told.set(name, now());
      makeOld(key);
      if (againAfterMs !== undefined) settling.set(name, later(once, againAfterMs + random() * SPREAD_MS));
    };
    const once = (): void => {
      settling.delete(name);
      told.set(name, now());
      makeOld(key);
    };
    waiting.set(name, later(act, Math.max(0, restMs) + random() * SPREAD_MS));
  };
  return {
    topic: (topic) => {
      for (const group of topic === getDashboardStats.tag ? DASHBOARD : [{ key: [topic], everyMs: EVERY_MS }])
        tell(group);
    },
    everything: () => tell({ key: [], everyMs: EVERY_MS }),
    stop: () => {
      for (const cancel of [...waiting.values(), ...settling.values()]) cancel();
      waiting.clear();
      settling.clear();
    },
  };
}
