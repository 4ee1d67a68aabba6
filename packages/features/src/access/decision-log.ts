import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { readNote, writeNote, type DecisionNote } from './decision-note.js';
import { redisScript } from './redis-script.js';
import { customerKey } from './subject-cache.js';

/**
 * The last decisions, for whoever asks why somebody cannot get online: refusals of a customer in
 * `<prefix>refused:<customer id>`, of names that nobody has in one list of all of them, so that made-up names cannot fill
 * Redis. The last Accept is written by the lease script.
 */
export interface DecisionLog {
  /** Keeps a refusal; costs no wait, and under a flood some are left out. */
  refused(whom: Refused, note: DecisionNote): void;
  /** Writes what was kept since the last time. */
  flush(): Promise<void>;
  /** Ends the timer after one more flush. */
  stop(): Promise<void>;
}

/** A customer, or the User-Name of nobody. */
export type Refused = { readonly customerId: string } | { readonly username: Buffer };

const KEPT_OF_CUSTOMER = 10;
const KEPT_OF_STRANGERS = 2_000;
const KEPT_SECONDS = 7 * 24 * 3600;
const FLUSH_EVERY_MS = 500;
/** Waiting notes; beyond that new ones are left out. */
const MOST_WAITING = 5_000;

// ARGV: how many to keep, for how many seconds, notes from the oldest to the newest.
const APPEND = redisScript(`
redis.call('LPUSH', KEYS[1], unpack(ARGV, 3))
redis.call('LTRIM', KEYS[1], 0, ARGV[1] - 1)
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1`);

export interface DecisionLogOptions extends DecisionPlace {
  readonly flushEveryMs?: number;
}

export interface DecisionPlace {
  readonly redis: Redis;
  /** Keyed hash: people type passwords and codes where the name belongs, and those must not lie about. */
  readonly hashName: (username: Buffer) => string;
  readonly prefix?: string;
}

export function createDecisionLog(options: DecisionLogOptions): DecisionLog {
  const { redis, hashName, prefix = 'turnpike:', flushEveryMs = FLUSH_EVERY_MS } = options;
  let waiting = new Map<string, string[]>();
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  let flushing = Promise.resolve();

  async function write(lists: Map<string, string[]>): Promise<void> {
    for (const [key, notes] of lists) {
      const most = key === strangersKey(prefix) ? KEPT_OF_STRANGERS : KEPT_OF_CUSTOMER;
      await APPEND.run(redis, [key], [most, KEPT_SECONDS, ...notes.slice(-most)]);
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const lists = waiting;
    waiting = new Map();
    count = 0;
    // Notes are for people: what Redis does not take now is not worth a second try.
    flushing = flushing.then(() => write(lists)).catch(() => undefined);
    return flushing;
  }

  return {
    refused(whom, note) {
      if (count >= MOST_WAITING) return;
      count += 1;
      const known = 'customerId' in whom;
      const key = known ? refusedKey(prefix, whom.customerId) : strangersKey(prefix);
      const text = known ? writeNote(note) : `${hashName(whom.username)} ${writeNote(note)}`;
      const notes = waiting.get(key);
      if (notes === undefined) waiting.set(key, [text]);
      else notes.push(text);
      timer ??= setTimeout(() => void flush(), flushEveryMs).unref();
    },
    flush,
    stop: flush,
  };
}

/** The hash that those who write and those who read must share. */
export function strangerHash(secretBox: SecretBox): (username: Buffer) => string {
  return (username) => secretBox.fingerprint(username.toString('latin1'));
}

export interface DecisionReader {
  /** Newest first. */
  ofCustomer(customerId: string): Promise<DecisionNote[]>;
  /** Refusals of a name that nobody has, newest first. */
  ofStranger(username: Buffer): Promise<DecisionNote[]>;
}

export function createDecisionReader({ redis, hashName, prefix = 'turnpike:' }: DecisionPlace): DecisionReader {
  return {
    async ofCustomer(customerId) {
      const [refused, accepted] = await Promise.all([
        redis.lrange(refusedKey(prefix, customerId), 0, KEPT_OF_CUSTOMER - 1),
        redis.hget(customerKey(prefix, customerId), 'a'),
      ]);
      return notesOf(accepted === null ? refused : [...refused, accepted]);
    },
    async ofStranger(username) {
      const asked = `${hashName(username)} `;
      const lines = await redis.lrange(strangersKey(prefix), 0, KEPT_OF_STRANGERS - 1);
      const own = lines.filter((line) => line.startsWith(asked)).map((line) => line.slice(asked.length));
      return notesOf(own).slice(0, KEPT_OF_CUSTOMER);
    },
  };
}

function notesOf(lines: readonly string[]): DecisionNote[] {
  return lines.flatMap((line) => readNote(line) ?? []).sort((a, b) => b.at - a.at);
}

function refusedKey(prefix: string, customerId: string): string {
  return `${prefix}refused:${customerId}`;
}

function strangersKey(prefix: string): string {
  return `${prefix}refused-strangers`;
}
