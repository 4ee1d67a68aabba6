import type { Metrics } from './metrics.js';
import type { Redis, RedisRole } from './redis.js';

/** Connections of a process to PostgreSQL; see PoolUse of the database package. */
export interface PoolUse {
  readonly used: number;
  readonly idle: number;
  readonly waiting: number;
  readonly limit: number;
}

/** What a process has of connections to its stores, and how many wait for one. */
export function watchConnections(
  metrics: Metrics,
  { postgres, redis }: { postgres: () => PoolUse; redis: Readonly<Partial<Record<RedisRole, readonly Redis[]>>> },
): void {
  metrics.gauge(
    'turnpike_postgres_pool_connections',
    'Connections to PostgreSQL, by what they do',
    ['state'],
    (own) => {
      const { used, idle } = postgres();
      own.set({ state: 'used' }, used);
      own.set({ state: 'idle' }, idle);
    },
  );
  metrics.gauge('turnpike_postgres_pool_waiting', 'Those who wait for a connection to PostgreSQL', [], (own) =>
    own.set(postgres().waiting),
  );
  metrics.gauge('turnpike_postgres_pool_limit', 'Most connections to PostgreSQL that the process opens', [], (own) =>
    own.set(postgres().limit),
  );
  watchRedis(metrics, redis);
}

function watchRedis(metrics: Metrics, redis: Readonly<Partial<Record<RedisRole, readonly Redis[]>>>): void {
  const losses = metrics.counter('turnpike_redis_connection_losses_total', 'Connections to Redis that broke', [
    'redis',
  ]);
  const roles = (['durable', 'cache'] as const).filter((role) => redis[role] !== undefined);
  for (const role of roles) {
    losses.inc({ redis: role }, 0);
    for (const connection of redis[role] ?? []) {
      let wasReady = connection.status === 'ready';
      connection.on('ready', () => (wasReady = true));
      connection.on('close', () => {
        if (wasReady) losses.inc({ redis: role });
        wasReady = false;
      });
    }
  }
  metrics.gauge('turnpike_redis_connections', 'Connections to Redis, by state', ['redis', 'state'], (own) => {
    for (const role of roles) {
      const connections = redis[role] ?? [];
      const ready = connections.filter(({ status }) => status === 'ready').length;
      own.set({ redis: role, state: 'ready' }, ready);
      own.set({ redis: role, state: 'away' }, connections.length - ready);
    }
  });
}
