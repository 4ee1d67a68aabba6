import type { Clock } from '@turnpike/core/clock.js';
import { createHealthService, type HealthService } from '@turnpike/features/operations/health.service.js';
import { createProcessProbes } from '@turnpike/features/operations/process-probes.js';
import { listOpsTargets } from '@turnpike/runtime/ops-server.js';
import { assertRedisSettings, type Redis, type RedisRole } from '@turnpike/runtime/redis.js';
import type { Stores } from './stores.js';

const DEADLINE_MS = 2_000;

/** `stopping`: from then on this process says that it is not ready, so that no new requests are sent to it. */
export function createHealth({ stores, clock, stopping }: { stores: Stores; clock: Clock; stopping: AbortSignal }) {
  const { database, durable, cacheRedis } = stores;
  return createHealthService({
    clock,
    deadlineMs: DEADLINE_MS,
    stores: [
      { name: 'this process', neededToServe: true, check: async () => runs(stopping) },
      { name: 'postgresql', neededToServe: true, check: () => database.ping().then(() => 'answers') },
      { name: 'redis durable', neededToServe: true, check: () => checkRedis(durable, 'durable') },
      { name: 'redis cache', neededToServe: false, check: () => checkRedis(cacheRedis, 'cache') },
    ],
    probeProcesses: createProcessProbes({
      listTargets: () => listOpsTargets(durable, clock),
      fetch,
      clock,
      deadlineMs: DEADLINE_MS,
      requiredRoles: [['worker'], ['radius-auth', 'radius'], ['radius-acct', 'radius']],
    }),
  });
}

/** For the ops server of this process. */
export async function readiness(health: HealthService): Promise<{ ok: boolean; checks: Record<string, string> }> {
  const components = await health.checkNeeded();
  const checks = Object.fromEntries(components.map(({ name, ok, detail }) => [name, ok ? 'ok' : detail]));
  return { ok: components.every((component) => component.ok), checks };
}

async function checkRedis(redis: Redis, role: RedisRole): Promise<string> {
  await redis.ping();
  await assertRedisSettings(redis, role);
  return 'answers, with the right settings';
}

function runs(stopping: AbortSignal): string {
  if (stopping.aborted) throw new Error('is stopping');
  return 'runs';
}
