import type { LiveEvent } from '@turnpike/contracts/events.js';

/** An event with its id in the Redis stream, `milliseconds-number`. */
export interface LiveEntry {
  readonly id: string;
  readonly event: LiveEvent;
}

/** Before every event there is. */
export const BEGINNING = '0-0';
const ID = /^\d{1,16}-\d{1,19}$/;

export function isLiveId(text: string): boolean {
  return ID.test(text);
}

/** Below 0 when `a` was first. */
export function compareLiveIds(a: string, b: string): number {
  const [aMs = '', aNumber = ''] = a.split('-');
  const [bMs = '', bNumber = ''] = b.split('-');
  return Number(aMs) - Number(bMs) || Number(aNumber) - Number(bNumber);
}

/** The newest events in memory, so that two hundred who come back at once cost Redis nothing. */
export interface LiveLog {
  add(entry: LiveEntry): void;
  /** There was an event that nobody here understands. */
  pass(id: string): void;
  /** Id of the newest event that was ever added. */
  position(): string;
  /** The log goes on at another place, with nothing before it. */
  restart(position: string): void;
  /** What came after `id`, oldest first; undefined when something between may be missing. */
  after(id: string): LiveEntry[] | undefined;
}

/** `holdsAll`: nothing has been before what is added, so that even `0-0` can be continued from. */
export function createLiveLog(most: number, holdsAll: boolean): LiveLog {
  let entries: LiveEntry[] = [];
  let position = BEGINNING;
  let complete = holdsAll;
  return {
    add: (entry) => {
      entries.push(entry);
      position = entry.id;
      // A part of the log is dropped at a time: one by one would move the whole array with every event.
      if (entries.length < most * 1.25) return;
      entries = entries.slice(-most);
      complete = false;
    },
    pass: (id) => {
      position = id;
    },
    position: () => position,
    restart: (at) => {
      entries = [];
      position = at;
      complete = false;
    },
    after: (id) => {
      if (id === position) return [];
      const [oldest] = entries;
      const known = complete && id === BEGINNING ? true : oldest !== undefined && compareLiveIds(id, oldest.id) >= 0;
      if (!known || compareLiveIds(id, position) > 0) return undefined;
      return entries.slice(firstAfter(entries, id));
    },
  };
}

/** Index of the first entry that came after `id`; entries are in order. */
function firstAfter(entries: readonly LiveEntry[], id: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && compareLiveIds(entry.id, id) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
