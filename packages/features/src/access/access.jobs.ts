import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import type { Tx } from '@turnpike/db/database.js';
import { writeSubject, type SubjectCache } from './subject-cache.js';
import { readSubjectsById } from './subject.store.js';

interface Deps {
  readonly db: Tx;
  readonly cache: SubjectCache;
  readonly crash?: CrashPoints;
}

/** Handlers that make the snapshots of customers say what PostgreSQL says now. */
export function accessJobs({ db, cache, crash = noCrashPoints }: Deps) {
  /** One that cannot be written keeps no other: all are tried before it is told. */
  async function refresh(customerIds: readonly string[]): Promise<void> {
    const subjects = await readSubjectsById(db, customerIds);
    const known = new Set(subjects.map(({ snapshot }) => snapshot.customerId));
    crash.pass('worker.snapshot-unwritten');
    const done = await Promise.allSettled([
      ...subjects.map((subject) => writeSubject(cache, subject)),
      ...customerIds.filter((id) => !known.has(id)).map((id) => cache.remove(id)),
    ]);
    crash.pass('worker.snapshot-written');
    const failed = done.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  return {
    'subject.refresh': ({ customerId }: { customerId: string }): Promise<void> => refresh([customerId]),
    'subjects.refresh': ({ customerIds }: { customerIds: readonly string[] }): Promise<void> => refresh(customerIds),
  };
}
