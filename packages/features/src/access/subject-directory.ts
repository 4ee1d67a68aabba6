import { isUtf8 } from 'node:buffer';
import { AppError } from '@turnpike/core/app-error.js';
import type { MacAddress } from '@turnpike/core/mac-address.js';
import type { Sql } from '@turnpike/db/sql.js';
import type { Breaker } from './breaker.js';
import { writeSubject, type SubjectCache } from './subject-cache.js';
import type { TextMemory } from './text-memory.js';
import { decodeSnapshot, encodeSnapshot, type SubjectSnapshot } from './subject-snapshot.js';
import { readSubjectByDevice, readSubjectById, readSubjectByUsername, type Subject } from './subject.store.js';

export type SubjectSource = 'memory' | 'redis' | 'postgres';

/** Who is asked for: a User-Name by its bytes, the owner of a device, or a customer known already. */
export type SubjectName =
  | { readonly kind: 'username'; readonly bytes: Buffer }
  | { readonly kind: 'device'; readonly mac: MacAddress }
  | { readonly kind: 'customer'; readonly id: string };

/** What is known of a name and who said so; no snapshot: there is no such customer. */
export interface Finding {
  readonly source: SubjectSource;
  readonly snapshot: SubjectSnapshot | undefined;
}

export interface SubjectDirectoryOptions {
  /**
   * Snapshots as text, which takes a fifth of the objects' room. They may be out of date: an Accept made from one counts only
   * when the lease finds its revision unchanged.
   */
  readonly memory: TextMemory;
  readonly cache: SubjectCache;
  readonly breaker: Breaker;
  readonly db: Sql;
  /** Told where each answer came from. */
  readonly onRead: (source: SubjectSource) => void;
  /** Reads of PostgreSQL at once; more are refused, so that a flood of unknown names cannot pile up. Default 1,000. */
  readonly maxDatabaseReads?: number;
}

export interface SubjectDirectory {
  /** What this process remembers, at no cost; it may be out of date. */
  recall(name: SubjectName): Finding | undefined;
  /**
   * What Redis says, and where it cannot tell PostgreSQL. Rejects when neither can: the caller then sends no reply, as a
   * guess would lock out people who paid.
   */
  find(name: SubjectName): Promise<Finding>;
  /** What PostgreSQL says, whatever the others know; rejects when it cannot tell. */
  readAgain(name: SubjectName): Promise<Finding>;
}

export function createSubjectDirectory(options: SubjectDirectoryOptions): SubjectDirectory {
  const { memory, cache, breaker, db, onRead, maxDatabaseReads = 1_000 } = options;
  let reading = 0;

  async function fromRedis(name: SubjectName): Promise<SubjectSnapshot | undefined> {
    try {
      const text = await breaker.run(() => readCache(name));
      const snapshot = text === undefined ? undefined : decodeSnapshot(text);
      if (text !== undefined && snapshot !== undefined) memory.put(memoryKey(name), text);
      return snapshot;
    } catch {
      return undefined;
    }
  }

  async function readCache(name: SubjectName): Promise<string | undefined> {
    switch (name.kind) {
      case 'username':
        return cache.read(name.bytes);
      case 'device':
        return cache.readByDevice(name.mac);
      case 'customer':
        return undefined;
    }
  }

  async function fromPostgres(name: SubjectName): Promise<SubjectSnapshot | undefined> {
    if (reading >= maxDatabaseReads) throw new AppError('unavailable', 'too many subjects are being read');
    reading += 1;
    try {
      const subject = await readSubject(db, name);
      if (subject === undefined) return undefined;
      memory.put(memoryKey(name), encodeSnapshot(subject.snapshot));
      breaker.run(() => writeSubject(cache, subject)).catch(() => undefined);
      return subject.snapshot;
    } finally {
      reading -= 1;
    }
  }

  async function readAgain(name: SubjectName): Promise<Finding> {
    const snapshot = await fromPostgres(name);
    if (snapshot === undefined) memory.forget(memoryKey(name));
    onRead('postgres');
    return { source: 'postgres', snapshot };
  }

  return {
    recall(name) {
      const text = memory.get(memoryKey(name));
      const snapshot = text === undefined ? undefined : decodeSnapshot(text);
      if (snapshot === undefined) return undefined;
      onRead('memory');
      return { source: 'memory', snapshot };
    },
    async find(name) {
      const snapshot = await fromRedis(name);
      if (snapshot === undefined) return readAgain(name);
      onRead('redis');
      return { source: 'redis', snapshot };
    },
    readAgain,
  };
}

async function readSubject(db: Sql, name: SubjectName): Promise<Subject | undefined> {
  if (name.kind === 'device') return readSubjectByDevice(db, name.mac);
  if (name.kind === 'customer') return readSubjectById(db, name.id);
  // PostgreSQL holds UTF-8 without NUL: other bytes are the name of nobody.
  if (!isUtf8(name.bytes) || name.bytes.includes(0)) return undefined;
  return readSubjectByUsername(db, name.bytes.toString('utf8'));
}

/** Every byte one character, so that different bytes are different keys; the other kinds begin with none of those. */
function memoryKey(name: SubjectName): string {
  switch (name.kind) {
    case 'username':
      return name.bytes.toString('latin1');
    case 'device':
      return `\u0100${name.mac}`;
    case 'customer':
      return `\u0101${name.id}`;
  }
}
