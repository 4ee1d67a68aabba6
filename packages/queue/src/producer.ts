import { SpanKind } from '@opentelemetry/api';
import { Queue, type JobsOptions } from 'bullmq';
import { AppError } from '@turnpike/core/app-error.js';
import { currentTraceparent } from '@turnpike/core/traceparent.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { definitionOf, jobs, queueNames, type JobName, type JobPayload, type QueueName } from './catalogue.js';

export interface EnqueueOptions {
  /** One job with this id exists at a time: adding it again while it is there changes nothing. */
  readonly jobId: string;
  readonly delayMs?: number;
  /** Traceparent of what decided the job; default: of the span that the caller is in. */
  readonly traceparent?: string | null;
}

export interface QueueCounts {
  readonly name: QueueName;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completed: number;
}

export interface Producer {
  /** Rejects with `unavailable` at once when Redis is away, within 1 s when it hangs; with a ZodError for a bad payload. */
  enqueue<Name extends JobName>(job: Name, payload: JobPayload<Name>, options: EnqueueOptions): Promise<void>;
  counts(): Promise<QueueCounts[]>;
  /** Ends the queues; the connection stays its owner's. */
  close(): Promise<void>;
}

export interface ProducerOptions {
  /** Opened with the use `commands`. */
  readonly connection: Redis;
  readonly prefix: string;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
}

const DEADLINE_MS = 1_000;

export function createProducer({ connection, prefix, tracing = noTracing }: ProducerOptions): Producer {
  const queues = new Map(queueNames.map((name) => [name, openQueue(name, connection, prefix)]));
  const queueOf = (name: QueueName): Queue => {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`no queue ${name}`);
    return queue;
  };
  return {
    enqueue: async (job, payload, { jobId, delayMs, traceparent }) => {
      const data: unknown = jobs[job].payload.parse(payload);
      const options = { ...jobOptions(job), jobId, ...(delayMs === undefined ? {} : { delay: delayMs }) };
      const queue = queueOf(definitionOf(job).queue);
      await sendTraced(tracing, { job, jobId, traceparent }, (envelope) =>
        withinDeadline(queue.add(job, data, { ...options, ...envelope })),
      );
    },
    counts: () => withinDeadline(Promise.all(queueNames.map((name) => countsOf(name, queueOf(name))))),
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

/**
 * Sends a job with the traceparent of its sending in its envelope: whoever does it goes on with that. `send` is given what to
 * add to the job's options; nothing where nobody is traced.
 */
export async function sendTraced<Result>(
  tracing: Tracing,
  { job, jobId, traceparent }: { job: JobName; jobId: string; traceparent?: string | null | undefined },
  send: (envelope: Pick<JobsOptions, 'telemetry'>) => Promise<Result>,
): Promise<Result> {
  if (!tracing.isOn) return send({});
  const attributes = messagingAttributes(job, jobId, 'send');
  return tracing.within(`send ${job}`, { kind: SpanKind.PRODUCER, parent: traceparent, attributes }, () => {
    const metadata = currentTraceparent();
    return send(metadata === null ? {} : { telemetry: { metadata } });
  });
}

/** As the semantic conventions have them. */
export function messagingAttributes(job: JobName, jobId: string, operation: 'send' | 'process') {
  return {
    'messaging.system': 'bullmq',
    'messaging.destination.name': definitionOf(job).queue,
    'messaging.operation.type': operation,
    'messaging.operation.name': `${operation} ${job}`,
    'messaging.message.id': jobId,
  };
}

/** How a job is tried and how long its traces stay; scheduled ones leave few. */
export function jobOptions(job: JobName): JobsOptions {
  const { attempts, everyMs } = definitionOf(job);
  return {
    attempts,
    backoff: { type: 'catalogue' },
    removeOnComplete: everyMs === undefined ? { age: 3_600, count: 5_000 } : { count: 5 },
    removeOnFail: everyMs === undefined ? { age: 7 * 86_400, count: 5_000 } : { count: 20 },
  };
}

export function openQueue(name: QueueName, connection: Redis, prefix: string): Queue {
  const queue = new Queue(name, {
    connection,
    prefix: queuePrefix(prefix),
    skipWaitingForReady: true,
    skipMetasUpdate: true,
    // BullMQ asks for the version once and would remember for ever that the answer was late; `refuseWrongRedis` asks too.
    skipVersionCheck: true,
    streams: { events: { maxLen: 1_000 } },
  });
  // Connection trouble is logged where the connection is opened; without a listener it would end the process.
  queue.on('error', () => undefined);
  return queue;
}

/** BullMQ joins prefix and queue name with a colon of its own. */
export function queuePrefix(prefix: string): string {
  return `${prefix}queue`;
}

async function countsOf(name: QueueName, queue: Queue): Promise<QueueCounts> {
  const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed', 'completed');
  const of = (state: string): number => counts[state] ?? 0;
  const waiting = of('waiting') + of('prioritized');
  return {
    name,
    waiting,
    active: of('active'),
    delayed: of('delayed'),
    failed: of('failed'),
    completed: of('completed'),
  };
}

/** BullMQ waits for a connection however long it takes; callers inside a transaction cannot. */
export async function withinDeadline<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', 'The queue does not answer.')), DEADLINE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('unavailable', 'The queue cannot be reached.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
