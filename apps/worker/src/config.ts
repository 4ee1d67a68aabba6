import { encryptionKeys, flag, port, readConfig } from '@turnpike/runtime/config.js';
import { logLevels } from '@turnpike/runtime/logger.js';
import { z } from 'zod';

const url = (protocol: RegExp) => z.url({ protocol });

const schema = z.object({
  DATABASE_URL: url(/^postgres(ql)?$/),
  REDIS_DURABLE_URL: url(/^rediss?$/),
  REDIS_CACHE_URL: url(/^rediss?$/),
  ENCRYPTION_KEYS: encryptionKeys(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  /** Number that PM2 gives each process of a cluster. */
  NODE_APP_INSTANCE: z.string().default('0'),
  /** Port of the API: like those of the stores it is never dialled as a router's. */
  PORT: port().default(8080),
  /** Address and ports that routers are told to send RADIUS to. */
  RADIUS_ADVERTISED_ADDRESS: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
  RADIUS_AUTH_PORT: port().default(1812),
  RADIUS_ACCT_PORT: port().default(1813),
  /** UDP port on which routers take Disconnect-Requests. */
  RADIUS_COA_PORT: port().default(3799),
  /** Acct-Interim-Interval given to the NASes, seconds; the RADIUS processes must be told the same. */
  RADIUS_INTERIM_SECONDS: z.coerce.number().int().min(10).max(86_400).default(60),
  /** How long accounting packets are kept, days; sessions and usage stay. */
  ACCOUNTING_KEPT_DAYS: z.coerce.number().int().min(8).max(36_500).default(400),
  /** Only where simulated routers live on this machine. */
  ROUTER_ALLOW_LOOPBACK: flag().default(false),
});

export type WorkerConfig = z.output<typeof schema>;

/** Throws one ConfigError that lists every variable that is missing or wrong. */
export function readWorkerConfig(env: Readonly<Record<string, string | undefined>> = process.env): WorkerConfig {
  return readConfig(schema, env);
}
