import { QueueEvents, type QueueEventsListener } from 'bullmq';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '@turnpike/core/app-error.js';
import { finishes } from '@turnpike/core/finishes.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { definitionOf, jobs, type JobName, type JobPayload } from './catalogue.js';
import { jobOptions, openQueue, queuePrefix, sendTraced, withinDeadline } from './producer.js';

/** Has a worker do a job while the caller waits for what its handler resolves to. */
export interface Requester {
  /**
   * Rejects with `unavailable` when no worker has answered within the job's deadline or Redis is away, with the signal's
   * reason when aborted.
   */
  request<Name extends JobName>(job: Name, payload: JobPayload<Name>, signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

export interface RequesterOptions {
  /** Opened with the use `commands`. */
  readonly connection: Redis;
  /** Opened with the use `blocking`: events are waited for on it. */
  readonly blocking: Redis;
  readonly prefix: string;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
}

/** What is told of one job, beside what is told of all. */
interface EventsOfJobs extends QueueEventsListener {
  [event: `failed:${string}`]: (told: { readonly failedReason: string }) => void;
}

/** The answer is read from the job at once; then nobody needs it any more. */
const KEPT_SECONDS = 60;
const CLOSE_MS = 1_000;

export function createRequester({ connection, blocking, prefix, tracing = noTracing }: RequesterOptions): Requester {
  const queue = openQueue('reads', connection, prefix);
  const events = new QueueEvents('reads', { connection: blocking, prefix: queuePrefix(prefix) });
  // Connection trouble is logged where the connection is opened; without a listener it would end the process.
  events.on('error', () => undefined);

  async function answered(job: JobName, payload: unknown, jobId: string, signal: AbortSignal): Promise<unknown> {
    const options = { ...jobOptions(job), jobId, removeOnComplete: { age: KEPT_SECONDS } };
    const added = await sendTraced(tracing, { job, jobId }, (envelope) =>
      withinDeadline(queue.add(job, payload, { ...options, ...envelope })),
    );
    if (signal.aborted) return undefined;
    return added.waitUntilFinished(events, definitionOf(job).deadlineMs);
  }

  /** Ends the wait for an answer that nobody wants any more: BullMQ would keep a timer until the deadline of the job. */
  function forget(jobId: string): void {
    events.emit<EventsOfJobs>(`failed:${jobId}`, { failedReason: 'nobody waits for it any more' });
  }

  return {
    request: async (job, payload, signal) => {
      signal.throwIfAborted();
      const jobId = uuidv7();
      let abort = (): void => undefined;
      const aborted = new Promise<never>((_resolve, reject) => {
        abort = () => {
          reject(signal.reason instanceof Error ? signal.reason : new AppError('unavailable', 'aborted'));
          forget(jobId);
        };
        signal.addEventListener('abort', abort, { once: true });
      });
      try {
        return await Promise.race([answered(job, jobs[job].payload.parse(payload), jobId, signal), aborted]);
      } catch (cause) {
        if (signal.aborted) throw cause;
        throw new AppError('unavailable', 'no worker has answered: is one running? (npm run status)', { cause });
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    close: async () => {
      // BullMQ waits for a connection before it closes it, so a Redis that is away must not hold up the end of the process.
      await finishes(Promise.all([events.close(), queue.close()]), CLOSE_MS);
    },
  };
}
