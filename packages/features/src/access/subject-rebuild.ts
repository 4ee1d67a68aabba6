import type { Tx } from '@turnpike/db/database.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { writeSubject, type SubjectCache } from './subject-cache.js';
import { readSubjectsAfter, readSubjectsById, type Subject } from './subject.store.js';

export interface SubjectRebuildDeps {
  readonly db: Tx;
  readonly cache: SubjectCache;
}

const BATCH = 1_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Writes the snapshots of many customers; faster than a job each. */
export async function refreshSubjects(
  { db, cache }: SubjectRebuildDeps,
  customerIds: readonly string[],
): Promise<void> {
  for (let from = 0; from < customerIds.length; from += BATCH) {
    await writeAll(cache, await readSubjectsById(db, customerIds.slice(from, from + BATCH)));
  }
}

/** Writes the snapshots of all customers; gives how many. `signal` ends it between batches. */
export async function rebuildSubjects({ db, cache }: SubjectRebuildDeps, signal: AbortSignal): Promise<number> {
  let written = 0;
  let after = BEFORE_ALL;
  for (;;) {
    signal.throwIfAborted();
    const subjects = await readSubjectsAfter(db, after, BATCH);
    await writeAll(cache, subjects);
    written += subjects.length;
    const last = subjects.at(-1);
    if (last === undefined || subjects.length < BATCH) return written;
    after = last.snapshot.customerId;
  }
}

/**
 * Rebuilds when the durable Redis has lost its data: the mark that the last rebuild left is gone with it. Cheap to call
 * often; gives how many snapshots were written, 0 when nothing was lost.
 */
export async function rebuildLostSubjects(
  { redis, prefix = 'turnpike:', ...deps }: SubjectRebuildDeps & { redis: Redis; prefix?: string },
  signal: AbortSignal,
): Promise<number> {
  const mark = `${prefix}subjects-built`;
  if ((await redis.exists(mark)) === 1) return 0;
  const written = await rebuildSubjects(deps, signal);
  await redis.set(mark, '1');
  return written;
}

async function writeAll(cache: SubjectCache, subjects: readonly Subject[]): Promise<void> {
  await Promise.all(subjects.map((subject) => writeSubject(cache, subject)));
}
