import { z } from 'zod';
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
