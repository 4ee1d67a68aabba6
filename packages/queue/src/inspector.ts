import type { Queue } from 'bullmq';
import type { JobState, QueueJob } from '@turnpike/contracts/operations.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Page } from '@turnpike/core/page.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { queueNames, type QueueName } from './catalogue.js';
import { openQueue, withinDeadline } from './producer.js';

/** How one queue stands. */
export interface QueueBacklog {
  readonly name: QueueName;
  /** Since when the job has waited that has waited longest, ms since 1970; undefined: none waits. */
  readonly oldestWaitingMs: number | undefined;
  /** Jobs that failed for good since then, as far as they are kept. */
  readonly failed: number;
}

/** Looks into the queues for people. Rejects with `unavailable` while Redis is away, `not_found` for what is not there. */
export interface QueueInspector {
  list(queue: string, query: { state: JobState; limit: number; cursor?: string | undefined }): Promise<Page<QueueJob>>;
  /** Gives a failed job to the workers again; `conflict` when it is in another state. */
  retry(queue: string, id: string): Promise<void>;
  /** `conflict` for a job that runs, or is the next run of a schedule. */
  remove(queue: string, id: string): Promise<void>;
  /** Since when the job has waited that has waited longest, ms since 1970; undefined: none waits. */
  oldestWaitingMs(): Promise<number | undefined>;
  backlog(failedSince: Date): Promise<QueueBacklog[]>;
  /** The same of each queue in which a job waits. */
  oldestWaiting(): Promise<ReadonlyMap<QueueName, number>>;
  close(): Promise<void>;
}

export interface InspectorOptions {
  /** Opened with the use `commands`. */
  readonly connection: Redis;
  readonly prefix: string;
}

type Job = Awaited<ReturnType<Queue['getJobs']>>[number];

/** BullMQ keeps when a delayed job is due in the upper bits of its score. */
const SCORE_OF_MS = 0x1000;
const OLDEST_FIRST: ReadonlySet<JobState> = new Set(['waiting', 'delayed']);

export function createQueueInspector({ connection, prefix }: InspectorOptions): QueueInspector {
  const queues = new Map<string, Queue>(queueNames.map((name) => [name, openQueue(name, connection, prefix)]));

  function queueOf(name: string): Queue {
    const queue = queues.get(name);
    if (queue === undefined) throw new AppError('not_found', `There is no queue ${name}: ${queueNames.join(', ')}.`);
    return queue;
  }

  async function jobOf(queue: Queue, id: string): Promise<Job> {
    const job = await withinDeadline(queue.getJob(id));
    if (job === undefined) throw new AppError('not_found', 'There is no such job any more: it was done, or removed.');
    return job;
  }

  /** In the order in which they are shown; undefined: it is not delayed after all. */
  async function dueAt(queue: Queue, id: string): Promise<Date | undefined> {
    const score = await withinDeadline(connection.zscore(queue.toKey('delayed'), id));
    return score === null ? undefined : new Date(Math.floor(Number(score) / SCORE_OF_MS));
  }

  async function viewOf(queue: Queue, job: Job, state: JobState): Promise<QueueJob> {
    const id = job.id ?? '';
    const taken = job.processedOn === undefined ? undefined : new Date(job.processedOn);
    const runAt = state === 'delayed' ? await dueAt(queue, id) : taken;
    return {
      id,
      name: job.name,
      attemptsMade: job.attemptsMade,
      failedReason: job.failedReason === undefined || job.failedReason === '' ? null : job.failedReason,
      createdAt: new Date(job.timestamp).toISOString(),
      runAt: runAt?.toISOString() ?? null,
      data: plainValues(job.data),
    };
  }

  async function oldestWaiting(): Promise<ReadonlyMap<QueueName, number>> {
    const found = await withinDeadline(
      Promise.all(
        queueNames.map(async (name) => {
          const [job] = await queueOf(name).getJobs(['waiting', 'prioritized'], 0, 0, true);
          return { name, job };
        }),
      ),
    );
    const since = new Map<QueueName, number>();
    for (const { name, job } of found) {
      if (job !== undefined) since.set(name, job.timestamp + (job.opts.delay ?? 0));
    }
    return since;
  }

  return {
    list: async (name, { state, limit, cursor }) => {
      const queue = queueOf(name);
      const start = offsetOf(cursor);
      const types = state === 'waiting' ? (['waiting', 'prioritized'] as const) : ([state] as const);
      const found = await withinDeadline(queue.getJobs([...types], start, start + limit, OLDEST_FIRST.has(state)));
      // A job that ended between two questions is no job any more.
      const jobs = found.filter((job: Job | undefined) => job !== undefined);
      const items = await Promise.all(jobs.slice(0, limit).map((job) => viewOf(queue, job, state)));
      return { items, nextCursor: jobs.length > limit ? String(start + limit) : null };
    },

    retry: async (name, id) => {
      const job = await jobOf(queueOf(name), id);
      const state = await withinDeadline(job.getState());
      if (state !== 'failed')
        throw new AppError('conflict', `Only a failed job can be tried again; this one is ${state}.`);
      await withinDeadline(job.retry('failed', { resetAttemptsMade: true }));
    },

    remove: async (name, id) => {
      const job = await jobOf(queueOf(name), id);
      const state = await withinDeadline(job.getState());
      if (state === 'active') throw new AppError('conflict', 'The job runs at this moment: wait until it has ended.');
      // The one after it is made when it is taken up.
      if (job.repeatJobKey !== undefined && state !== 'failed' && state !== 'completed') {
        throw new AppError(
          'conflict',
          'This is the next run of a schedule: without it there would be no more of them.',
        );
      }
      await withinDeadline(job.remove());
    },

    oldestWaiting,
    oldestWaitingMs: async () => {
      const since = [...(await oldestWaiting()).values()];
      return since.length === 0 ? undefined : Math.min(...since);
    },
    backlog: async (failedSince) => {
      const oldest = await oldestWaiting();
      const failed = queueNames.map((name) =>
        connection.zcount(queueOf(name).toKey('failed'), failedSince.getTime(), '+inf'),
      );
      const counts = await withinDeadline(Promise.all(failed));
      return queueNames.map((name, at) => ({ name, oldestWaitingMs: oldest.get(name), failed: counts[at] ?? 0 }));
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

/** Jobs come and go, so a page begins at a place, not after a job. */
function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,7}$/.test(cursor)) throw invalidField('cursor', 'must be the nextCursor of the page before');
  return Number(cursor);
}

/** Ids and words; lists of things are the business of the worker. */
function plainValues(data: unknown): Record<string, unknown> {
  const entries = typeof data === 'object' && data !== null ? Object.entries(data) : [];
  return Object.fromEntries(entries.filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)));
}
