import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import type { Tx } from '@turnpike/db/database.js';
import type { SubjectCache } from './subject-cache.js';
import { readSubjectById } from './subject.store.js';

interface Deps {
  readonly db: Tx;
  readonly cache: SubjectCache;
  readonly crash?: CrashPoints;
}

/** Handler of `subject.refresh`: makes the snapshot of a customer say what PostgreSQL says now. */
export function accessJobs({ db, cache, crash = noCrashPoints }: Deps) {
  return {
    'subject.refresh': async ({ customerId }: { customerId: string }): Promise<void> => {
      const subject = await readSubjectById(db, customerId);
      crash.pass('worker.snapshot-unwritten');
      if (subject === undefined) await cache.remove(customerId);
      else await cache.write(Buffer.from(subject.username, 'utf8'), subject.snapshot);
      crash.pass('worker.snapshot-written');
    },
  };
}
