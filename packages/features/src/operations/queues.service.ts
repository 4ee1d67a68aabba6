import type { JobState, QueueJob } from '@turnpike/contracts/operations.js';
import type { Page, PageQuery } from '@turnpike/core/page.js';
import type { Transact } from '@turnpike/db/database.js';
import type { QueueInspector } from '@turnpike/queue/inspector.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';

export interface QueueCounts {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completed: number;
}

export interface QueuesService {
  counts(): Promise<readonly QueueCounts[]>;
  jobs(queue: string, query: PageQuery & { state: JobState }): Promise<Page<QueueJob>>;
  retry(queue: string, id: string, context: ChangeContext): Promise<void>;
  remove(queue: string, id: string, context: ChangeContext): Promise<void>;
  /** Written before the board does it; `id` is left out when it is about all failed jobs of the queue. */
  noteBoardRetry(queue: string, id: string | undefined, context: ChangeContext): Promise<void>;
}

interface Deps {
  readonly countQueues: () => Promise<readonly QueueCounts[]>;
  readonly inspector: Pick<QueueInspector, 'list' | 'retry' | 'remove'>;
  readonly transact: Transact;
}

export function createQueuesService({ countQueues, inspector, transact }: Deps): QueuesService {
  const note = (action: string, queue: string, id: string | undefined, context: ChangeContext): Promise<void> =>
    transact((tx) =>
      appendAudit(tx, { ...context, action, subjectType: 'job', subjectId: id ?? 'all failed', details: { queue } }),
    );
  return {
    counts: countQueues,
    jobs: (queue, query) => inspector.list(queue, query),
    // Queues are in Redis: what is noted after it was done may be missing, but nothing is noted that was not.
    retry: async (queue, id, context) => {
      await inspector.retry(queue, id);
      await note('queue.retry_job', queue, id, context);
    },
    remove: async (queue, id, context) => {
      await inspector.remove(queue, id);
      await note('queue.remove_job', queue, id, context);
    },
    noteBoardRetry: (queue, id, context) => note('queue.retry_job', queue, id, context),
  };
}
