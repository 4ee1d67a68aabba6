/** `durable`: queues, outbox streams, accounting - nothing acknowledged may be lost. `cache`: everything can be rebuilt. */
export type RedisRole = 'durable' | 'cache';

const PERSISTENCE: Readonly<Record<RedisRole, readonly string[]>> = {
  durable: [
    'appendonly yes',
    'appendfsync always',
    // By default a log of 64 MiB is rewritten whenever it has doubled: every few seconds under load, at the cost of the writes.
    'auto-aof-rewrite-min-size 256mb',
    'maxmemory 1gb',
    'maxmemory-policy noeviction',
  ],
  cache: ['appendonly no', 'maxmemory 256mb', 'maxmemory-policy allkeys-lru'],
};

export interface RedisConf {
  readonly dir: string;
  readonly port: number;
  readonly role: RedisRole;
  readonly password: string;
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** The text of redis.conf for one of the two servers. */
export function redisConf({ dir, port, role, password }: RedisConf): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    'protected-mode yes',
    `requirepass ${quoted(password)}`,
    `dir ${quoted(dir)}`,
    `pidfile ${quoted(`${dir}/redis.pid`)}`,
    `logfile ${quoted(`${dir}/redis.log`)}`,
    'daemonize yes',
    'databases 1',
    'save ""',
    ...PERSISTENCE[role],
  ];
  return `${lines.join('\n')}\n`;
}
