import type { Tx } from '@turnpike/db/database.js';
import type { SubjectCache } from './subject-cache.js';
import { readSubjectById } from './subject.store.js';

/** Handler of `subject.refresh`: makes the snapshot of a customer say what PostgreSQL says now. */
export function accessJobs({ db, cache }: { db: Tx; cache: SubjectCache }) {
  return {
    'subject.refresh': async ({ customerId }: { customerId: string }): Promise<void> => {
      const subject = await readSubjectById(db, customerId);
      if (subject === undefined) await cache.remove(customerId);
      else await cache.write(Buffer.from(subject.username, 'utf8'), subject.snapshot);
    },
  };
}
