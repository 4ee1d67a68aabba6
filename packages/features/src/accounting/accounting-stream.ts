import { AppError } from '@turnpike/core/app-error.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { RECORD_FIELD } from './accounting-intake.js';

export interface StreamEntry {
  readonly id: string;
  /** Texts of the records in it; usually several. */
  readonly bodies: readonly string[];
}

export interface AccountingStreamOptions {
  /** Durable Redis, use `commands`. */
  readonly redis: Redis;
  /** Durable Redis, use `blocking`, for waiting only. */
  readonly blocking: Redis;
  readonly stream: string;
  readonly group: string;
  /** Unique per drain. */
  readonly consumer: string;
}

/** The stream of accounting records as one consumer of its group sees it. */
export interface AccountingStream {
  /** Entries nobody has taken yet; waits up to `blockMs` for the first (0: does not wait). */
  readNew(count: number, blockMs: number): Promise<StreamEntry[]>;
  /** Entries that we took and did not finish. */
  readOwn(count: number): Promise<StreamEntry[]>;
  /** Takes over entries that another consumer took and left for `minIdleMs`. */
  claimAbandoned(count: number, minIdleMs: number): Promise<StreamEntry[]>;
  /** Entries not yet taken in: the lag of the ledger. */
  waiting(): Promise<number>;
  /** Removes entries: call it after the commit. */
  finish(ids: readonly string[]): Promise<void>;
}

const SILENCE_MS = 10_000;

export function createAccountingStream(options: AccountingStreamOptions): AccountingStream {
  const { redis, blocking, stream, group, consumer } = options;

  // The group is gone with the data when somebody empties Redis: it is made again and the read repeated.
  async function withGroup<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOGROUP')) throw error;
      await createGroup();
      return work();
    }
  }

  async function createGroup(): Promise<void> {
    try {
      await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
  }

  const read = (connection: Redis, count: number, from: string, block: readonly (string | number)[]) =>
    withGroup(async () => {
      const head = ['GROUP', group, consumer, 'COUNT', count];
      return entriesOfRead(await connection.call('XREADGROUP', ...head, ...block, 'STREAMS', stream, from));
    });

  /** The waiting connection has no time limit of its own: when the server is silent for too long it is opened anew. */
  async function readWaiting(count: number, blockMs: number): Promise<StreamEntry[]> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        blocking.disconnect(true);
        reject(new AppError('unavailable', 'the durable Redis does not answer'));
      }, blockMs + SILENCE_MS);
    });
    const waiting = read(blocking, count, '>', ['BLOCK', blockMs]);
    try {
      return await Promise.race([waiting, limit]);
    } finally {
      clearTimeout(timer);
      waiting.catch(() => undefined);
    }
  }

  return {
    readNew: (count, blockMs) => (blockMs > 0 ? readWaiting(count, blockMs) : read(redis, count, '>', [])),
    readOwn: (count) => read(redis, count, '0', []),
    claimAbandoned: (count, minIdleMs) =>
      withGroup(async () => {
        const answer = await redis.call('XAUTOCLAIM', stream, group, consumer, minIdleMs, '0', 'COUNT', count);
        return Array.isArray(answer) ? entriesOf(answer[1]) : [];
      }),
    waiting: () => redis.xlen(stream),
    async finish(ids) {
      if (ids.length === 0) return;
      await redis
        .multi()
        .xack(stream, group, ...ids)
        .xdel(stream, ...ids)
        .exec();
    },
  };
}

/** RESP2 gives pairs of stream and entries, RESP3 a map; one stream was asked for. */
function entriesOfRead(answer: unknown): StreamEntry[] {
  if (answer === null || answer === undefined) return [];
  if (answer instanceof Map) return entriesOf([...answer.values()][0]);
  if (Array.isArray(answer)) {
    const first: unknown = answer[0];
    return Array.isArray(first) ? entriesOf(first[1]) : entriesOf(answer[1]);
  }
  return typeof answer === 'object' ? entriesOf(Object.values(answer)[0]) : [];
}

function entriesOf(list: unknown): StreamEntry[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string') return [];
    return [{ id: entry[0], bodies: recordsOf(entry[1]) }];
  });
}

function recordsOf(fields: unknown): string[] {
  if (!Array.isArray(fields)) return [];
  return fields.filter((value: unknown, at): value is string => at % 2 === 1 && fields[at - 1] === RECORD_FIELD);
}
