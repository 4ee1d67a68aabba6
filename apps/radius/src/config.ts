import { z } from 'zod';
import { csv, encryptionKeys, flag, port, readConfig } from '@turnpike/runtime/config.js';
import { tracingEnvironment } from '@turnpike/runtime/tracing/tracing-environment.js';
import { logLevels } from '@turnpike/runtime/logger.js';

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  REDIS_DURABLE_URL: z.url({ protocol: /^rediss?$/ }),
  ENCRYPTION_KEYS: encryptionKeys(),
  /** Address that the UDP ports are bound to. */
  RADIUS_HOST: z.union([z.ipv4(), z.ipv6()]).default('0.0.0.0'),
  RADIUS_AUTH_PORT: port().default(1812),
  RADIUS_ACCT_PORT: port().default(1813),
  /** `auth`, `acct` or both: they may run in processes of their own. */
  RADIUS_ROLES: csv()
    .transform((roles) => (roles.length === 0 ? ['auth', 'acct'] : roles))
    .pipe(z.array(z.enum(['auth', 'acct']))),
  /** Acct-Interim-Interval given to the NASes, seconds; the worker must be told the same. */
  RADIUS_INTERIM_SECONDS: z.coerce.number().int().min(10).max(86_400).default(60),
  RADIUS_IDLE_SECONDS: z.coerce.number().int().min(30).max(86_400).default(600),
  /** Packets a second taken from a NAS that has no rate of its own, by each process; bursts of twice as many. 0: no limit. */
  RADIUS_NAS_RATE: z.coerce.number().int().min(0).max(1_000_000).default(3_000),
  /** How many processes share a port; a retransmission may then reach another one than the request did. */
  RADIUS_INSTANCES: z.coerce.number().int().min(1).max(256).default(1),
  /** Whether the processes tell each other of their replies through Redis. Default: when there are several of them. */
  RADIUS_SHARED_DUPLICATES: flag().optional(),
  /** Holds what they tell each other: it may vanish. Default: the durable Redis. */
  REDIS_CACHE_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Receive buffer of a UDP port, bytes. */
  RADIUS_RECV_BUFFER: z.coerce.number().int().min(4_194_304).max(67_108_864).default(8_388_608),
  /** Customers that the process remembers at least, so that letting them in costs one command of Redis; up to twice as many. */
  RADIUS_REMEMBERED_SUBJECTS: z.coerce.number().int().min(0).max(2_000_000).default(100_000),
  RADIUS_REJECT_DELAY_MS: z.coerce.number().int().min(0).max(5_000).default(1_000),
  ...tracingEnvironment,
  LOG_LEVEL: z.enum(logLevels).default('info'),
  /** Number that PM2 gives each process of a cluster. */
  NODE_APP_INSTANCE: z.string().default('0'),
});

export type RadiusConfig = z.output<typeof schema>;

/** Throws one ConfigError that lists every variable that is missing or wrong. */
export function readRadiusConfig(env: Readonly<Record<string, string | undefined>> = process.env): RadiusConfig {
  return readConfig(schema, env);
}
