import { SpanKind } from '@opentelemetry/api';
import { UnrecoverableError, Worker, type Job } from 'bullmq';
import { AppError, messageOf } from '@turnpike/core/app-error.js';
import { backoffMs } from '@turnpike/core/backoff.js';
import { finishes } from '@turnpike/core/finishes.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import {
  definitionOf,
  isJobName,
  jobs,
  queueNames,
  type JobName,
  type JobPayload,
  type QueueName,
} from './catalogue.js';
import { messagingAttributes, openQueue, queuePrefix } from './producer.js';
import { verdictOf } from './verdict.js';

export interface JobContext {
  /** Aborts at the job's deadline, when its lock is lost to another worker, or when the runner is forced to stop. */
  readonly signal: AbortSignal;
  /** Counts from 1. */
  readonly attempt: number;
  readonly jobId: string;
  readonly logger: Logger;
}

/**
 * One handler a job of the catalogue. A handler may run twice for one job: claim in the database first. What it resolves to
 * goes to whoever asked through a requester, and nowhere else.
 */
export type JobHandlers = {
  readonly [Name in JobName]: (payload: JobPayload<Name>, context: JobContext) => Promise<unknown>;
};

export interface RunnerOptions {
  /** Opened with the use `blocking`; each queue makes one more connection like it. */
  readonly connection: Redis;
  readonly prefix: string;
  readonly handlers: JobHandlers;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Jobs of a queue that run at the same time in this process; default 4. */
  readonly concurrency?: Partial<Record<QueueName, number>>;
  /**
   * How many take jobs of a queue beside each other, sharing its concurrency; default 1. A taker takes one job after the
   * other and begins with the first only when it has as many as it may have: many slots need several takers.
   */
  readonly takers?: Partial<Record<QueueName, number>>;
  /** Queues this process works on; default all. */
  readonly queues?: readonly QueueName[];
  /** 0 <= x < 1; spreads retries. */
  readonly random?: () => number;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
}

export interface Runner {
  start(): Promise<void>;
  /** Lets running jobs finish for `limitMs`, then aborts them; what was cut off is taken up by another worker. */
  stop(limitMs: number): Promise<void>;
  /** For tests: resolves when no job is waiting or running; delayed ones (retries, schedules) do not count. */
  drain(): Promise<void>;
}

const LOCK_MS = 10_000;
/** A dead worker's job is back within a lock and a check, and their sum must stay well below 15 s. */
const STALLED_CHECK_MS = 2_500;
const MOST_STALLS = 3;
/** What a handler that ignores its signal gets before its slot is given to others. */
const GRACE_MS = 2_000;
const WAIT_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export function createRunner(options: RunnerOptions): Runner {
  const { connection, prefix, logger, tracing = noTracing } = options;
  const names = options.queues ?? queueNames;
  const forced = new AbortController();
  const running = new Set<JobName>();
  const duration = options.metrics.histogram(
    'turnpike_worker_job_duration_seconds',
    'Time a job took, by outcome',
    ['job', 'outcome'],
    [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  );
  const waits = options.metrics.histogram(
    'turnpike_worker_job_wait_seconds',
    'Time from when a job could run until a worker took it, first tries only',
    ['queue'],
    WAIT_BUCKETS,
  );
  const failures = options.metrics.counter('turnpike_worker_jobs_failed_total', 'Jobs that failed for good', ['queue']);
  const busy = options.metrics.gauge('turnpike_worker_job_slots_busy', 'Jobs that run in this process', ['queue']);
  const slots = options.metrics.gauge('turnpike_worker_job_slots', 'Jobs that may run at once in this process', [
    'queue',
  ]);
  const stalled = options.metrics.counter('turnpike_worker_jobs_stalled_total', 'Jobs whose worker vanished', [
    'queue',
  ]);

  async function process(job: Job, lockLost: AbortSignal | undefined): Promise<unknown> {
    const { name } = job;
    if (!isJobName(name)) throw new UnrecoverableError(`no handler for ${name}`);
    const scheduled = definitionOf(name).everyMs !== undefined;
    if (scheduled && running.has(name)) return undefined;
    running.add(name);
    const { queue } = definitionOf(name);
    const stop = duration.startTimer({ job: name });
    if (job.attemptsMade === 0) waits.observe({ queue }, waitedSeconds(job));
    busy.inc({ queue });
    try {
      const result = await traced(name, job, () => runHandler(name, job, lockLost));
      stop({ outcome: 'done' });
      return result;
    } catch (error) {
      stop({ outcome: 'failed' });
      throw judged(name, job, error);
    } finally {
      busy.dec({ queue });
      running.delete(name);
    }
  }

  /** Goes on with the trace of who sent the job. What runs by the clock was sent by nobody. */
  function traced(name: JobName, job: Job, work: () => Promise<unknown>): Promise<unknown> {
    const parent = tracing.isOn ? job.opts.telemetry?.metadata : undefined;
    if (parent === undefined) return work();
    const attributes = {
      ...messagingAttributes(name, job.id ?? '', 'process'),
      'turnpike.job.attempt': job.attemptsMade + 1,
    };
    return tracing.within(`process ${name}`, { kind: SpanKind.CONSUMER, parent, attributes }, work);
  }

  /** Log and decide once; BullMQ retries every error but one of its own class. */
  function judged(name: JobName, job: Job, error: unknown): unknown {
    const final = verdictOf(error) === 'fail' || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    const fields = { job: name, jobId: job.id, attempt: job.attemptsMade + 1, err: error };
    if (final) {
      failures.inc({ queue: definitionOf(name).queue });
      logger.error(fields, 'job failed for good');
    } else logger.warn(fields, 'job failed, will be tried again');
    return verdictOf(error) === 'fail' ? new UnrecoverableError(messageOf(error)) : error;
  }

  async function runHandler(name: JobName, job: Job, lockLost: AbortSignal | undefined): Promise<unknown> {
    const { deadlineMs } = definitionOf(name);
    const deadline = new AbortController();
    const late = new AppError('unavailable', `The job took longer than ${deadlineMs} ms.`);
    const signals = [deadline.signal, forced.signal, ...(lockLost === undefined ? [] : [lockLost])];
    const timers = [setTimeout(() => deadline.abort(late), deadlineMs)];
    const context: JobContext = {
      signal: AbortSignal.any(signals),
      attempt: job.attemptsMade + 1,
      jobId: job.id ?? '',
      logger: logger.child({ job: name, jobId: job.id }),
    };
    const overdue = new Promise<never>((_resolve, reject) => {
      timers.push(setTimeout(() => reject(late), deadlineMs + GRACE_MS));
    });
    try {
      return await Promise.race([call(options.handlers, name, job.data, context), overdue]);
    } finally {
      timers.forEach(clearTimeout);
    }
  }

  function createWorker(queue: QueueName): Worker {
    // BullMQ hands over the signal only to functions that declare three parameters.
    const processor = (job: Job, _token: string | undefined, lockLost?: AbortSignal) => process(job, lockLost);
    const worker = new Worker(queue, processor, {
      connection,
      prefix: queuePrefix(prefix),
      autorun: false,
      concurrency: Math.ceil(slotsOf(queue) / takersOf(queue)),
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MOST_STALLS,
      settings: { backoffStrategy: (attempt, _type, _error, job) => delayOf(job, attempt, options.random) },
    });
    worker.on('error', (error) => logger.warn({ err: error, queue }, 'queue worker in trouble'));
    worker.on('stalled', (jobId) => {
      stalled.inc({ queue });
      logger.warn({ queue, jobId }, 'job taken over from a worker that vanished');
    });
    return worker;
  }

  const takersOf = (queue: QueueName): number => options.takers?.[queue] ?? 1;
  const slotsOf = (queue: QueueName): number => options.concurrency?.[queue] ?? 4;
  for (const queue of names) {
    // A series that begins with its first event hides that event from rate().
    stalled.inc({ queue }, 0);
    failures.inc({ queue }, 0);
    busy.set({ queue }, 0);
    slots.set({ queue }, slotsOf(queue));
  }
  const workers = names.flatMap((queue) => Array.from({ length: takersOf(queue) }, () => createWorker(queue)));
  return {
    start: async () => {
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
      for (const worker of workers) {
        worker.run().catch((error: unknown) => logger.error({ err: error }, 'queue worker ended'));
      }
    },
    stop: async (limitMs) => {
      const graceful = Promise.all(workers.map((worker) => worker.close()));
      if (await finishes(graceful, limitMs)) return;
      forced.abort(new AppError('unavailable', 'The process stops.'));
      // Whoever heeds the signal ends now and is tried again; the rest loses its lock when the process ends.
      await finishes(graceful, GRACE_MS);
    },
    drain: () => drainQueues(names, connection, prefix),
  };
}

/** The payload's schema is looked up by the same name as the handler, so that the two fit. */
async function call<Name extends JobName>(
  handlers: JobHandlers,
  name: Name,
  data: unknown,
  context: JobContext,
): Promise<unknown> {
  const parsed = jobs[name].payload.safeParse(data);
  if (!parsed.success) throw new AppError('validation_failed', `payload of ${name}: ${parsed.error.message}`);
  return handlers[name](parsed.data, context);
}

function delayOf(job: { name: string } | undefined, attempt: number, random = Math.random): number {
  const name = job?.name ?? '';
  return isJobName(name) ? backoffMs(definitionOf(name).backoff, attempt, random) : 1_000;
}

/** Redis orders them by the clock of who made them, which may be another machine's. */
function waitedSeconds({ timestamp, opts, processedOn }: Job): number {
  return Math.max(0, (processedOn ?? Date.now()) - timestamp - (opts.delay ?? 0)) / 1_000;
}

async function drainQueues(names: readonly QueueName[], connection: Redis, prefix: string): Promise<void> {
  const queues = names.map((name) => openQueue(name, connection, prefix));
  try {
    for (;;) {
      const counts = await Promise.all(
        queues.map((queue) => queue.getJobCountByTypes('wait', 'active', 'prioritized')),
      );
      if (counts.every((count) => count === 0)) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    await Promise.all(queues.map((queue) => queue.close()));
  }
}
