import { isUtf8 } from 'node:buffer';
import { AppError } from '@turnpike/core/app-error.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Breaker } from './breaker.js';
import type { SubjectCache } from './subject-cache.js';
import type { SubjectSnapshot } from './subject-snapshot.js';
import { readSubjectByUsername } from './subject.store.js';

export type SubjectSource = 'redis' | 'postgres';

export interface SubjectDirectoryOptions {
  readonly cache: SubjectCache;
  readonly breaker: Breaker;
  readonly db: Tx;
  /** Told where each answer came from. */
  readonly onRead: (source: SubjectSource) => void;
  /** Reads of PostgreSQL at once; more are refused, so that a flood of unknown names cannot pile up. Default 1,000. */
  readonly maxDatabaseReads?: number;
}

export interface SubjectDirectory {
  /**
   * The snapshot of a User-Name, undefined when there is no such customer. Rejects when neither store can tell: the
   * caller then sends no reply, as a guess would lock out people who paid.
   */
  find(username: Buffer): Promise<SubjectSnapshot | undefined>;
  /** What PostgreSQL says now, whatever Redis knows; rejects when PostgreSQL cannot tell. */
  readAgain(username: Buffer): Promise<SubjectSnapshot | undefined>;
}

export function createSubjectDirectory(options: SubjectDirectoryOptions): SubjectDirectory {
  const { cache, breaker, db, onRead, maxDatabaseReads = 1_000 } = options;
  let reading = 0;

  async function fromRedis(username: Buffer): Promise<SubjectSnapshot | undefined> {
    try {
      return await breaker.run(() => cache.read(username));
    } catch {
      return undefined;
    }
  }

  async function fromPostgres(username: Buffer): Promise<SubjectSnapshot | undefined> {
    // PostgreSQL holds UTF-8 without NUL: other bytes are the name of nobody.
    if (!isUtf8(username) || username.includes(0)) return undefined;
    if (reading >= maxDatabaseReads) throw new AppError('unavailable', 'too many subjects are being read');
    reading += 1;
    try {
      const subject = await readSubjectByUsername(db, username.toString('utf8'));
      if (subject === undefined) return undefined;
      breaker.run(() => cache.write(username, subject.snapshot)).catch(() => undefined);
      return subject.snapshot;
    } finally {
      reading -= 1;
    }
  }

  async function readAgain(username: Buffer): Promise<SubjectSnapshot | undefined> {
    const read = await fromPostgres(username);
    onRead('postgres');
    return read;
  }

  return {
    readAgain,
    async find(username) {
      const known = await fromRedis(username);
      if (known === undefined) return readAgain(username);
      onRead('redis');
      return known;
    },
  };
}
