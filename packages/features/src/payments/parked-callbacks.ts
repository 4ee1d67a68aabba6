import { AppError } from '@turnpike/core/app-error.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { SecretBoxError } from '@turnpike/core/secret-box.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { z } from 'zod';

const message = z.object({
  /** Ids that its rows will have: however often it is moved, it is one message. */
  id: z.uuid(),
  outboxId: z.uuid(),
  kind: z.enum(['callback', 'paybill']),
  /** Empty for the paybill. */
  tokenHash: z.string(),
  body: z.string(),
  sourceAddress: z.string(),
});
/** What a provider said while PostgreSQL was away. */
export type ParkedMessage = z.output<typeof message>;

interface ParkedEntry {
  readonly entryId: string;
  /** Undefined for what cannot be read: its key is not among ours. */
  readonly message: ParkedMessage | undefined;
}

/** Waits in a stream of the durable Redis; bodies are data about people and are sealed. */
export interface ParkedCallbacks {
  /** Resolves when it is on the disk. Throws `unavailable` when it is too large or too many wait, or Redis is away too. */
  park(said: ParkedMessage): Promise<void>;
  /** Oldest first; those behind `after`, the id of an entry. */
  read(after: string | undefined, count: number): Promise<ParkedEntry[]>;
  remove(entryIds: readonly string[]): Promise<void>;
}

/** A result of M-Pesa has less than 1 KiB. */
const MOST_BYTES = 4_096;
/** 50 MB at the very most; an hour of three a second. */
const MOST_WAITING = 10_000;

interface Deps {
  /** Durable Redis, use `commands`. */
  readonly redis: Redis;
  readonly secretBox: SecretBox;
  readonly prefix: string;
  readonly mostWaiting?: number;
}

export function createParkedCallbacks({ redis, secretBox, prefix, mostWaiting = MOST_WAITING }: Deps): ParkedCallbacks {
  const stream = `${prefix}payment-callbacks`;

  return {
    park: async (said) => {
      if (Buffer.byteLength(said.body) > MOST_BYTES) throw notNow('it is larger than anything M-Pesa sends');
      // Some at once may go over it by as many as they are.
      if ((await redis.xlen(stream)) >= mostWaiting) throw notNow('too many results wait for the database');
      await redis.xadd(stream, '*', 'id', said.id, 'sealed', secretBox.seal(JSON.stringify(said), placeOf(said.id)));
    },
    read: async (after, count) => {
      const entries = await redis.xrange(stream, after === undefined ? '-' : `(${after}`, '+', 'COUNT', count);
      return entries.map(([entryId, fields]) => ({ entryId, message: open(secretBox, fields) }));
    },
    remove: async (entryIds) => {
      if (entryIds.length > 0) await redis.xdel(stream, ...entryIds);
    },
  };
}

function notNow(why: string): AppError {
  return new AppError('unavailable', `This result cannot be taken just now: ${why}.`);
}

function placeOf(row: string) {
  return { table: 'payment_message', row, column: 'parked' };
}

function open(secretBox: SecretBox, fields: readonly string[]): ParkedMessage | undefined {
  const [, id = '', , sealed = ''] = fields;
  try {
    return message.parse(JSON.parse(secretBox.open(sealed, placeOf(id))));
  } catch (error) {
    if (error instanceof SecretBoxError) return undefined;
    throw error;
  }
}
