import type { Metrics } from './metrics.js';
import type { Redis, RedisRole } from './redis.js';
import type { Sample } from './sampling.js';

interface Deps {
  readonly metrics: Metrics;
  /** Opened with the use `commands`, so that a server that hangs is noticed. */
  readonly redis: Readonly<Record<RedisRole, Redis>>;
  readonly up: (store: 'redis-durable' | 'redis-cache', isUp: boolean) => void;
}

/** What the two Redis servers say of themselves (INFO). Several workers say the same: take one of them, do not add up. */
export function redisFigures({ metrics, redis, up }: Deps): Sample[] {
  const labels = ['redis'] as const;
  const gauge = (name: string, help: string) => metrics.gauge(`turnpike_worker_redis_${name}`, help, labels);
  const figures = [
    { field: 'used_memory', into: gauge('memory_used_bytes', 'Memory that Redis uses for data') },
    { field: 'maxmemory', into: gauge('memory_limit_bytes', 'maxmemory of Redis; 0: none') },
    { field: 'connected_clients', into: gauge('clients', 'Connections that Redis has') },
    { field: 'aof_current_size', into: gauge('aof_size_bytes', 'Size of the append-only file') },
    { field: 'evicted_keys', into: gauge('evicted_keys', 'Keys dropped to make room since Redis started') },
    { field: 'total_commands_processed', into: gauge('commands', 'Commands since Redis started') },
  ];
  const written = gauge(
    'aof_write_ok',
    '1: the last write of the append-only file succeeded; 0: it did not, is the disk full?',
  );

  return (['durable', 'cache'] as const).map((role) => ({
    name: `redis-${role}`,
    take: async () => {
      const info = await redis[role].info();
      for (const { field, into } of figures) {
        const value = new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1];
        if (value === undefined) into.remove({ redis: role });
        else into.set({ redis: role }, Number(value));
      }
      if (/^aof_enabled:1/m.test(info)) written.set({ redis: role }, /^aof_last_write_status:ok/m.test(info) ? 1 : 0);
      up(`redis-${role}`, true);
    },
    forget: () => {
      for (const { into } of figures) into.remove({ redis: role });
      written.remove({ redis: role });
      up(`redis-${role}`, false);
    },
  }));
}
