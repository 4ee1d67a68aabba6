import type { Backoff } from '@turnpike/core/backoff.js';
import { z } from 'zod';

export const queueNames = ['provisioning', 'routers', 'access', 'sessions', 'sweeps'] as const;
export type QueueName = (typeof queueNames)[number];

/** One kind of job. The row in PostgreSQL is the truth: a payload carries ids only, never secrets. */
export interface JobDefinition<Payload extends z.ZodType = z.ZodType> {
  readonly queue: QueueName;
  readonly payload: Payload;
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Delay between tries. */
  readonly backoff: Backoff;
  /** When the handler's signal aborts, ms after it started. */
  readonly deadlineMs: number;
  /** Scheduled jobs: run every so many ms; one that still runs in this process is not started again. */
  readonly everyMs?: number;
}

const id = z.uuid();
const none = z.strictObject({});
const QUICK: Backoff = { firstMs: 500, factor: 2, maxMs: 30_000, jitter: 0.5 };
const ROUTER: Backoff = { firstMs: 2_000, factor: 2, maxMs: 60_000, jitter: 0.5 };

function job<Payload extends z.ZodType>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  return definition;
}

/** The next run is the retry. */
function scheduled(queue: QueueName, everyMs: number, deadlineMs: number): JobDefinition<typeof none> {
  return { queue, payload: none, attempts: 1, backoff: QUICK, deadlineMs, everyMs };
}

export const jobs = {
  'provisioning.run': job({
    queue: 'provisioning',
    payload: z.strictObject({ runId: id }),
    attempts: 8,
    backoff: ROUTER,
    deadlineMs: 300_000,
  }),
  'router.probe': job({
    queue: 'routers',
    payload: z.strictObject({ routerId: id }),
    attempts: 2,
    backoff: QUICK,
    deadlineMs: 20_000,
  }),
  'subject.refresh': job({
    queue: 'access',
    payload: z.strictObject({ customerId: id }),
    attempts: 12,
    backoff: QUICK,
    deadlineMs: 10_000,
  }),
  'session.disconnect': job({
    queue: 'sessions',
    payload: z.strictObject({ commandId: id }),
    attempts: 8,
    backoff: ROUTER,
    deadlineMs: 90_000,
  }),
  'routers.poll': scheduled('sweeps', 30_000, 120_000),
  'entitlements.expire': scheduled('sweeps', 2_000, 30_000),
  'sessions.stale': scheduled('sweeps', 30_000, 30_000),
  'outbox.sweep': scheduled('sweeps', 10_000, 30_000),
  'provisioning.sweep': scheduled('sweeps', 10_000, 30_000),
  housekeeping: scheduled('sweeps', 3_600_000, 300_000),
} as const;

export type JobName = keyof typeof jobs;
export type JobPayload<Name extends JobName> = z.output<(typeof jobs)[Name]['payload']>;

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(jobs, name);
}

export function definitionOf(name: JobName): JobDefinition {
  return jobs[name];
}

/** Jobs that run by the clock, with their period. */
export function scheduledJobs(): { name: JobName; everyMs: number }[] {
  return Object.keys(jobs)
    .filter(isJobName)
    .flatMap((name) => {
      const { everyMs } = definitionOf(name);
      return everyMs === undefined ? [] : [{ name, everyMs }];
    });
}
