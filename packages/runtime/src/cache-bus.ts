import type { BusDriver } from 'bentocache/types';
import type { Logger } from './logger.js';
import type { Redis } from './redis.js';

/** What the library tells of keys: they were set, deleted, or all of them are gone. */
export interface CacheMessage {
  readonly keys: readonly string[];
  readonly type: string;
}

interface Envelope<Payload> {
  readonly busId: string;
  readonly answer?: boolean;
  readonly payload: Payload;
}

/** What the library itself sends to drop all that a memory level holds. */
const FORGET_ALL = JSON.stringify({ busId: '', payload: { type: 'clear', keys: [] } });

interface CacheBusOptions {
  readonly publisher: Redis;
  readonly subscriber: Redis;
  readonly prefix: string;
  readonly logger: Logger;
  /** Whether telling of these keys follows from what another process has told: nobody answers that again. */
  readonly isAnswer: (keys: readonly string[]) => boolean;
  /** Told of each message of another process before the library is. */
  readonly received: (message: CacheMessage, answer: boolean) => void;
  /** And when memory here is rid of what it was about. */
  readonly handled: (message: CacheMessage) => void;
}

export interface CacheBus {
  /** Empties what memory holds here: messages may have been missed. */
  forgetAll(): void;
  readonly transport: BusDriver;
  readonly started: Promise<void>;
}

/**
 * Carries invalidations between processes over Redis pub/sub. Of our own rather than the library's: that one shares a prefix-less
 * channel, waits without a limit on a Redis that hangs, and leaves memory untouched when messages may have been missed.
 */
export function createCacheBus({
  publisher,
  subscriber,
  prefix,
  logger,
  isAnswer,
  received,
  handled,
}: CacheBusOptions): CacheBus {
  const receivers = new Map<string, (text: string) => void>();
  let busId = '';
  let reconnected = (): void => undefined;
  let markStarted = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    markStarted = resolve;
  });

  const onMessage = (channel: string, text: string): void => receivers.get(channel)?.(text);
  const forgetAll = (): void => {
    for (const receive of receivers.values()) receive(FORGET_ALL);
  };
  const onReady = (): void => {
    // While the connection was down invalidations may have passed by: what memory holds is no longer to be trusted.
    forgetAll();
    reconnected();
  };

  const transport: BusDriver = {
    setId: (id) => {
      busId = id;
      return transport;
    },
    onReconnect: (callback) => {
      reconnected = callback;
    },
    publish: async (channel, payload) => {
      const said: unknown = payload;
      const answer = isMessage(said) && isAnswer(said.keys);
      await publisher.publish(`${prefix}${channel}`, JSON.stringify({ busId, answer, payload }));
    },
    subscribe: async (channel, handler) => {
      receivers.set(`${prefix}${channel}`, (text) => {
        const message = parseEnvelope<Parameters<typeof handler>[0]>(text);
        if (message === undefined || message.busId === busId) return;
        const said: unknown = message.payload;
        if (!isMessage(said)) return;
        received(said, message.answer === true);
        Promise.resolve(handler(message.payload)).then(
          () => handled(said),
          (error: unknown) => logger.warn({ err: error }, 'an invalidation of another process was not understood'),
        );
      });
      subscriber.on('message', onMessage);
      try {
        await subscriber.subscribe(`${prefix}${channel}`);
        subscriber.on('ready', onReady);
        markStarted();
      } catch (error) {
        logger.warn({ err: error }, 'invalidations of other processes cannot be received');
      }
    },
    unsubscribe: async (channel) => {
      receivers.delete(`${prefix}${channel}`);
      await subscriber.unsubscribe(`${prefix}${channel}`);
    },
    disconnect: async () => {
      subscriber.off('message', onMessage);
      subscriber.off('ready', onReady);
      subscriber.disconnect();
    },
  };
  return { transport, started, forgetAll };
}

/** Only this module writes to the channel, so the payload is what the library gave it. */
function parseEnvelope<Payload>(text: string): Envelope<Payload> | undefined {
  try {
    const message: unknown = JSON.parse(text);
    const fits = typeof message === 'object' && message !== null && 'busId' in message && 'payload' in message;
    return fits ? (message as Envelope<Payload>) : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(said: unknown): said is CacheMessage {
  if (typeof said !== 'object' || said === null || !('keys' in said) || !('type' in said)) return false;
  return typeof said.type === 'string' && Array.isArray(said.keys);
}
