import { isRedisUnavailable, type Redis } from './redis.js';

export interface CacheTrustOptions {
  /** Connection that reads and writes values and tells of invalidations. */
  readonly commands: Redis;
  /** Connection that hears of invalidations. */
  readonly subscriber: Redis;
  /** Called before trust is given again; rejects when it cannot be yet. */
  readonly regain: () => Promise<void>;
}

export interface CacheTrust {
  /** False while invalidations may be missed, by this process or by those that listen to it. */
  readonly trusted: boolean;
  /** How many commands have gone unanswered so far. */
  readonly failures: number;
  /** Resolves when it is trusted for the first time. */
  readonly first: Promise<void>;
  stop(): void;
}

const WATCH_EVERY_MS = 200;
const ANSWER_WITHIN_MS = 500;
/** After an outage everybody waits a round longer than it takes to repeat what was missed, so that nobody reads it back. */
const ROUNDS_TO_REGAIN = 2;

/**
 * Watches the cache Redis. What memory holds is worth as much as the news of its invalidation, so as soon as a command or the
 * round trip of a listening connection goes unanswered nothing cached is trusted, until both answer twice in a row.
 */
export function watchCache({ commands, subscriber, regain }: CacheTrustOptions): CacheTrust {
  let trusted = false;
  let failures = 0;
  let goodRounds = ROUNDS_TO_REGAIN - 1;
  let pending = false;
  let markFirst = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    markFirst = resolve;
  });

  function lose(): void {
    trusted = false;
    goodRounds = 0;
  }

  observeFailures(commands, () => {
    failures += 1;
    lose();
  });
  for (const redis of [commands, subscriber]) redis.on('close', lose);

  async function round(): Promise<void> {
    if (pending || commands.status !== 'ready' || subscriber.status !== 'ready') return lose();
    pending = true;
    const late = afterSocketsWereRead(ANSWER_WITHIN_MS, () => {
      if (pending) lose();
    });
    const failuresBefore = failures;
    try {
      await Promise.all([commands.ping(), subscriber.ping()]);
      if (failures === failuresBefore) goodRounds += 1;
      if (!trusted && goodRounds >= ROUNDS_TO_REGAIN) {
        await regain();
        trusted = failures === failuresBefore && goodRounds >= ROUNDS_TO_REGAIN;
        if (trusted) markFirst();
      }
    } catch {
      lose();
    } finally {
      clearTimeout(late);
      pending = false;
    }
  }

  const timer = setInterval(() => void round(), WATCH_EVERY_MS);
  timer.unref();
  const begin = (): void => void round();
  for (const redis of [commands, subscriber]) redis.once('ready', begin);
  return {
    get trusted() {
      return trusted;
    },
    get failures() {
      return failures;
    },
    first,
    stop: () => {
      clearInterval(timer);
      for (const redis of [commands, subscriber]) {
        redis.off('close', lose);
        redis.off('ready', begin);
      }
      trusted = false;
    },
  };
}

/** Timers run before the sockets are read, immediates after it: a pause of ours is not a fault of the store. */
function afterSocketsWereRead(ms: number, act: () => void): NodeJS.Timeout {
  return setTimeout(() => setImmediate(act), ms).unref();
}

function observeFailures(redis: Redis, failed: () => void): void {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    command.promise.catch((error: unknown) => {
      if (isRedisUnavailable(error)) failed();
    });
    return send(command, stream);
  };
}
