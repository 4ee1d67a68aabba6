import { liveEvent, type LiveEvent } from '@turnpike/contracts/events.js';
import type { Logger } from './logger.js';
import type { Redis } from './redis.js';

export interface LiveBusOptions {
  readonly publisher: Redis;
  /** A connection with the use `subscriber`. */
  readonly subscriber: Redis;
  readonly prefix: string;
  readonly logger: Logger;
}

/** Carries events between processes, at most once: who misses one reads the present state from the API. */
export interface LiveBus {
  /** Never throws. */
  publish(event: LiveEvent): Promise<void>;
  /** Gives what ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** Resolves when events of other processes arrive here. */
  started(): Promise<void>;
  close(): Promise<void>;
}

export function createLiveBus({ publisher, subscriber, prefix, logger }: LiveBusOptions): LiveBus {
  const channel = `${prefix}live`;
  const listeners = new Set<(event: LiveEvent) => void>();
  const onMessage = (from: string, text: string): void => {
    if (from !== channel) return;
    const event = parseEvent(text);
    if (event === undefined) logger.warn('live event not understood');
    else for (const listener of listeners) tell(listener, event);
  };
  const tell = (listener: (event: LiveEvent) => void, event: LiveEvent): void => {
    try {
      listener(event);
    } catch (error) {
      logger.error({ err: error }, 'listener of live events failed');
    }
  };
  subscriber.on('message', onMessage);
  const subscribed = subscriber.subscribe(channel).then(
    () => undefined,
    (error: unknown) => logger.warn({ err: error }, 'live events cannot be received'),
  );
  return {
    publish: async (event) => {
      try {
        await publisher.publish(channel, JSON.stringify(event));
      } catch (error) {
        logger.debug({ err: error, type: event.type }, 'live event not sent');
      }
    },
    subscribe: (listener) => {
      // A function of our own, so that the same listener may subscribe twice.
      const entry = (event: LiveEvent): void => listener(event);
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    started: () => subscribed,
    close: async () => {
      listeners.clear();
      subscriber.off('message', onMessage);
      if (subscriber.status === 'ready') await subscriber.unsubscribe(channel);
    },
  };
}

function parseEvent(text: string): LiveEvent | undefined {
  try {
    const parsed = liveEvent.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
