import { z } from 'zod';
import { instant, page, pageQueryShape } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'operations';

const component = z.object({ name: z.string(), ok: z.boolean(), ms: z.number(), detail: z.string() });

export const getLiveness = endpoint({
  method: 'get',
  path: '/health/live',
  tag,
  summary: 'The process runs',
  allow: 'public',
  response: z.object({ status: z.literal('ok') }),
});

export const getReadiness = endpoint({
  method: 'get',
  path: '/health/ready',
  tag,
  summary: 'The process can serve: its stores answer. 503 otherwise',
  allow: 'public',
  response: z.object({ status: z.enum(['ok', 'unavailable']) }),
});

export const getHealth = endpoint({
  method: 'get',
  path: '/health',
  tag,
  summary: 'Every component, probed now: PostgreSQL, both Redis, the workers, the RADIUS processes',
  allow: 'operations:read',
  response: z.object({ status: z.enum(['ok', 'degraded']), components: z.array(component) }),
});

export const getQueues = endpoint({
  method: 'get',
  path: '/queues',
  tag,
  summary: 'Jobs waiting, running, delayed and failed, per queue',
  allow: 'operations:read',
  response: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        waiting: z.number().int(),
        active: z.number().int(),
        delayed: z.number().int(),
        failed: z.number().int(),
        completed: z.number().int(),
      }),
    ),
  }),
});

/** What a list of jobs can be narrowed to; a job that runs again and again is `delayed` in between. */
export const jobStates = ['failed', 'waiting', 'active', 'delayed'] as const;
export type JobState = (typeof jobStates)[number];

const queueName = z.string().max(40);
const jobParams = z.strictObject({ name: queueName, id: z.string().min(1).max(200) });

export const queueJob = z.object({
  id: z.string(),
  /** Of the job catalogue, for example `payment.request`. */
  name: z.string(),
  attemptsMade: z.number().int(),
  /** What the last try said; null: none has failed. */
  failedReason: z.string().nullable(),
  createdAt: instant,
  /** When it was last taken up, or is due when it is delayed; null: never taken up. */
  runAt: instant.nullable(),
  /** Ids only. */
  data: z.record(z.string(), z.unknown()),
});
export type QueueJob = z.infer<typeof queueJob>;

export const listQueueJobs = endpoint({
  method: 'get',
  path: '/queues/{name}/jobs',
  tag,
  summary: 'Jobs of a queue in one state: failed and running ones newest first, the others as they will be taken',
  allow: 'operations:read',
  params: z.strictObject({ name: queueName }),
  query: z.strictObject({ ...pageQueryShape, state: z.enum(jobStates).default('failed') }),
  response: page(queueJob),
});

export const retryQueueJob = endpoint({
  method: 'post',
  path: '/queues/{name}/jobs/{id}/retry',
  tag,
  summary: 'Give a failed job to the workers again, with all its tries',
  allow: 'operations:write',
  params: jobParams,
  status: 202,
  response: z.object({ id: z.string() }),
});

export const removeQueueJob = endpoint({
  method: 'delete',
  path: '/queues/{name}/jobs/{id}',
  tag,
  summary: 'Drop a job that does not run at the moment; what it was to do is not done',
  allow: 'operations:write',
  params: jobParams,
  status: 204,
  response: z.null(),
});

export const getCacheStats = endpoint({
  method: 'get',
  path: '/cache/stats',
  tag,
  summary: 'Hits and misses of this process, and the state of the cache Redis',
  allow: 'operations:read',
  response: z.object({
    hits: z.number().int(),
    misses: z.number().int(),
    hitRate: z.number().nullable(),
    usedMemoryBytes: z.number().int(),
    maxMemoryBytes: z.number().int(),
    evictedKeys: z.number().int(),
  }),
});

export const invalidateCache = endpoint({
  method: 'post',
  path: '/cache/invalidate',
  tag,
  summary: 'Drop everything that is cached, in every process',
  allow: 'operations:write',
  status: 204,
  response: z.null(),
});
