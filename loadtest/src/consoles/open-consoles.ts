import { liveEvent, type LiveEvent } from '@turnpike/contracts/events.js';
import { keepStream } from './console-stream.js';
import { createDashboardReader, type DashboardReader, type ReadTally } from './dashboard-reads.js';
import { nowMs } from './deliveries.js';
import type { StreamMessage } from './event-parser.js';

/** Many people who have the first page of the console open. */
export interface Consoles {
  /** Of each, when it heard of what first, ms since 1970. */
  readonly heard: readonly ReadonlyMap<string, number>[];
  readonly reads: ReadTally;
  readonly counts: {
    /** Streams that are open now. */
    open: number;
    /** Times that a stream ended or could not be opened. */
    lost: number;
    /** Events that came a second time, by their ids. */
    repeated: number;
    /** Times that somebody was told to read everything again. */
    resets: number;
    events: number;
  };
  /** Resolves when as many streams are open, false when that takes too long. */
  allOpen(withinMs: number): Promise<boolean>;
  close(): Promise<void>;
}

const LOOK_MS = 20;

export async function openConsoles(apiUrl: string, cookies: readonly string[]): Promise<Consoles> {
  const closing = new AbortController();
  const counts = { open: 0, lost: 0, repeated: 0, resets: 0, events: 0 };
  const reads: ReadTally = { tookMs: [], wrong: 0, others: new Map() };
  const readers = cookies.map((cookie) => createDashboardReader(apiUrl, cookie, reads));
  const listeners = cookies.map((cookie, at) => {
    const heard = new Map<string, number>();
    const onMessage = createHearing(heard, counts, readers[at]);
    let isOpen = false;
    const running = keepStream({
      url: `${apiUrl}/events`,
      cookie,
      onMessage,
      onOpen: () => {
        isOpen = true;
        counts.open += 1;
      },
      onLost: () => {
        counts.lost += 1;
        if (isOpen) counts.open -= 1;
        isOpen = false;
      },
      signal: closing.signal,
    });
    return { heard, running };
  });
  await Promise.all(readers.map((reader) => reader.first()));
  return {
    heard: listeners.map(({ heard }) => heard),
    reads,
    counts,
    allOpen: async (withinMs) => {
      const endMs = performance.now() + withinMs;
      while (counts.open < cookies.length && performance.now() < endMs) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      return counts.open === cookies.length;
    },
    close: async () => {
      for (const reader of readers) reader.close();
      closing.abort();
      await Promise.all(listeners.map(({ running }) => running));
    },
  };
}

function createHearing(
  heard: Map<string, number>,
  counts: Consoles['counts'],
  reader: DashboardReader | undefined,
): (message: StreamMessage) => void {
  const ids = new Set<string>();
  return ({ id, data }) => {
    if (data === undefined) return;
    const event = liveEvent.parse(JSON.parse(data));
    counts.events += 1;
    if (id !== undefined && event.type !== 'reset') {
      if (ids.has(id)) counts.repeated += 1;
      ids.add(id);
    }
    if (event.type === 'reset') counts.resets += 1;
    const key = keyOf(event);
    if (!heard.has(key)) heard.set(key, nowMs());
    reader?.makeOld();
  };
}

/** As a change names what it is to tell. */
function keyOf(event: LiveEvent): string {
  switch (event.type) {
    case 'changed':
      return `changed ${event.topic} ${event.id}`;
    case 'session':
      return `session ${event.username} ${event.state}`;
    case 'payment':
      return `payment ${event.paymentId} ${event.state}`;
    default:
      return event.type;
  }
}
