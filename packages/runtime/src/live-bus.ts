import { liveEvent, type LiveEvent } from '@turnpike/contracts/events.js';
import { BEGINNING, compareLiveIds, createLiveLog, isLiveId, type LiveEntry } from './live-log.js';
import type { Logger } from './logger.js';
import type { Redis } from './redis.js';

export interface LiveBusOptions {
  readonly publisher: Redis;
  /** A connection of its own with the use `blocking`: it waits for events. Left out by processes that only publish. */
  readonly reader?: Redis | undefined;
  readonly prefix: string;
  readonly logger: Logger;
  /** Events that are kept for those who come back; default 10,000. */
  readonly kept?: number;
}

export type LiveListener = (event: LiveEvent, id: string) => void;

/**
 * Carries events between processes. Events are hints: who misses one reads the present state from the API, and is told to
 * by `reset` when what he missed cannot be told any more.
 */
export interface LiveBus {
  /** Never throws. */
  publish(event: LiveEvent): Promise<void>;
  /**
   * Gives what ends the subscription. `after`: id of the last event that the listener had; what came since is told first,
   * or one `reset` when that is not known (too old, or of another Redis). No event is told twice, none is left out.
   */
  subscribe(listener: LiveListener, after?: string): () => void;
  /** Id of the newest event that has arrived here. */
  position(): string;
  /** Resolves when events of other processes arrive here. */
  started(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A stream on the durable Redis. The cache Redis would do for hints, but the service works without the cache and the console
 * should too; and a stream that is evicted as a whole tells everybody to read everything again. What it costs there: one
 * append an event (a few hundred bytes; the append-only file takes many with one fsync), and some megabytes of memory: MAXLEN
 * keeps the newest 10,000, which at 100 events a second is what a console missed in over a minute and a half.
 */
const KEPT = 10_000;
/** Also how long a Redis that lost its stream, or whose clock went back, goes unnoticed. */
const BLOCK_MS = 5_000;
const BATCH = 500;
const PAUSE_MS = 500;

interface Subscriber {
  readonly tell: LiveListener;
  /** Events up to this one are told already. */
  after: string;
}

export function createLiveBus({ publisher, reader, prefix, logger, kept = KEPT }: LiveBusOptions): LiveBus {
  const key = `${prefix}live`;
  const subscribers = new Set<Subscriber>();
  const closing = new AbortController();
  let log = createLiveLog(kept, false);

  const tell = ({ tell: listener }: Subscriber, { id, event }: LiveEntry): void => {
    try {
      listener(event, id);
    } catch (error) {
      logger.error({ err: error }, 'listener of live events failed');
    }
  };
  const tellNext = (subscriber: Subscriber, entry: LiveEntry): void => {
    if (compareLiveIds(entry.id, subscriber.after) <= 0) return;
    subscriber.after = entry.id;
    tell(subscriber, entry);
  };
  const take = (row: StreamRow): void => {
    const entry = entryOf(row);
    if (entry === undefined) {
      log.pass(row[0]);
      return;
    }
    log.add(entry);
    for (const subscriber of subscribers) tellNext(subscriber, entry);
  };
  const reset = (subscriber: Subscriber): void => {
    subscriber.after = log.position();
    tell(subscriber, { id: subscriber.after, event: { type: 'reset' } });
  };

  /** A listener that saw what has not arrived here yet comes from a faster process, or from another Redis. */
  const settle = async (subscriber: Subscriber): Promise<void> => {
    const { after } = subscriber;
    const exists = isLiveId(after) && (await publisher.xrange(key, after, after).catch(() => [])).length > 0;
    if (!exists && subscribers.has(subscriber)) reset(subscriber);
  };

  /** Who came before there was a log hears what is after his last event, or goes on from here. */
  const load = async (redis: Redis): Promise<void> => {
    const newest = await redis.xrevrange(key, '+', '-', 'COUNT', kept);
    log = createLiveLog(kept, newest.length < kept);
    for (const subscriber of subscribers)
      if (subscriber.after === BEGINNING) subscriber.after = newest[0]?.[0] ?? BEGINNING;
    for (const row of newest.reverse()) take(row);
  };

  const read = async (redis: Redis): Promise<void> => {
    const before = log.position();
    const answer = await redis.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', key, before);
    if (answer === null) await noticeLostStream(redis);
    const rows = answer?.[0]?.[1] ?? [];
    const missed = rows.length >= Math.min(BATCH, kept / 2) && (await wasTrimmed(redis, before));
    if (missed) log.restart(before);
    for (const row of rows) take(row);
    if (missed) for (const subscriber of subscribers) reset(subscriber);
  };

  /** Whether events after `position` may have gone before this process read them: who gets many at once is slow. */
  const wasTrimmed = async (redis: Redis, position: string): Promise<boolean> => {
    const [oldest] = await redis.xrange(key, '-', '+', 'COUNT', 1);
    return position !== BEGINNING && oldest !== undefined && compareLiveIds(oldest[0], position) > 0;
  };

  /** After a loss of data with a clock that went back, new events would have ids that we think we have seen. */
  const noticeLostStream = async (redis: Redis): Promise<void> => {
    const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
    const position = newest?.[0] ?? BEGINNING;
    if (compareLiveIds(position, log.position()) >= 0) return;
    log.restart(position);
    for (const subscriber of subscribers) reset(subscriber);
  };

  /** What was published while Redis was away is in no stream: everybody reads again. */
  const follow = async (redis: Redis, ready: () => void): Promise<void> => {
    let broken = false;
    let loaded = false;
    while (!closing.signal.aborted) {
      try {
        if (!loaded) await load(redis);
        loaded = true;
        ready();
        if (broken) for (const subscriber of subscribers) reset(subscriber);
        broken = false;
        await read(redis);
      } catch (error) {
        if (closing.signal.aborted) return;
        if (!broken) logger.warn({ err: error }, 'live events cannot be received');
        broken = true;
        await pause(PAUSE_MS, closing.signal);
      }
    }
  };

  let ready = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const following = reader === undefined ? undefined : follow(reader, ready);
  return {
    publish: async (event) => {
      try {
        await publisher.xadd(key, 'MAXLEN', '~', kept, '*', 'event', JSON.stringify(event));
      } catch (error) {
        logger.debug({ err: error, type: event.type }, 'live event not sent');
      }
    },
    subscribe: (listener, after) => {
      const subscriber: Subscriber = { tell: listener, after: after ?? log.position() };
      subscribers.add(subscriber);
      if (after !== undefined) {
        const missed = isLiveId(after) ? log.after(after) : undefined;
        if (missed !== undefined) for (const entry of missed) tellNext(subscriber, entry);
        else if (isLiveId(after) && compareLiveIds(after, log.position()) > 0) void settle(subscriber);
        else reset(subscriber);
      }
      return () => void subscribers.delete(subscriber);
    },
    position: () => log.position(),
    started: () => (reader === undefined ? Promise.resolve() : started),
    close: async () => {
      subscribers.clear();
      closing.abort();
      // The only way to end a command that waits.
      reader?.disconnect();
      await following;
    },
  };
}

type StreamRow = [id: string, fields: string[]];

/** Undefined for what is not understood, of a newer version: it is passed over. */
function entryOf([id, fields]: StreamRow): LiveEntry | undefined {
  const event = parseEvent(fields[1] ?? '');
  return event === undefined ? undefined : { id, event };
}

function parseEvent(text: string): LiveEvent | undefined {
  try {
    const parsed = liveEvent.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
