import { z } from 'zod';
import { MAX_DEVICES } from '@turnpike/contracts/devices.js';
import { Secret } from '@turnpike/core/secret.js';
import { csv, encryptionKeys, flag, port, readConfig, secret } from '@turnpike/runtime/config.js';
import { MOST_DEVICES } from '@turnpike/features/customers/portal-customer.js';
import { settingsEnvironment } from '@turnpike/features/settings/environment-settings.js';
import { tracingEnvironment } from '@turnpike/runtime/tracing/tracing-environment.js';
import { logLevels } from '@turnpike/runtime/logger.js';

/** It may hold a password. */
const url = (protocol: RegExp) => z.url({ protocol }).transform((text) => new Secret(text));

const schema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port().default(8080),
  /** Where people and routers reach this API, when that is not `http://HOST:PORT`. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Addresses or networks of reverse proxies whose X-Forwarded-For is believed. */
  TRUST_PROXY: csv(),
  DATABASE_URL: url(/^postgres(ql)?$/),
  REDIS_DURABLE_URL: url(/^rediss?$/),
  REDIS_CACHE_URL: url(/^rediss?$/),
  ENCRYPTION_KEYS: encryptionKeys().transform((keys) => keys.map((key) => new Secret(key))),
  TOKEN_PEPPER: secret(32),
  /** Lets Prometheus read /metrics from another machine. */
  METRICS_TOKEN: secret(16).optional(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  /** Number that PM2 gives each process of a cluster. */
  NODE_APP_INSTANCE: z.string().default('0'),
  RADIUS_ADVERTISED_ADDRESS: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
  RADIUS_AUTH_PORT: port().default(1812),
  RADIUS_ACCT_PORT: port().default(1813),
  /** As the RADIUS processes have them, for previews of what routers are told. */
  RADIUS_INTERIM_SECONDS: z.coerce.number().int().min(10).max(86_400).default(60),
  RADIUS_IDLE_SECONDS: z.coerce.number().int().min(30).max(86_400).default(600),
  ROUTER_ALLOW_LOOPBACK: flag().default(false),
  /** How many devices a customer may have on the list. */
  CUSTOMER_DEVICES: z.coerce.number().int().min(1).max(MAX_DEVICES).default(MOST_DEVICES),
  ...settingsEnvironment,
  ...tracingEnvironment,
  /** Proofs only: a file with the name of a crash point in this directory kills the process that passes there next. */
  TURNPIKE_CRASH_DIR: z.string().optional(),
});

export type ApiConfig = z.output<typeof schema> & { readonly publicUrl: string };

/** Throws one ConfigError that lists every variable that is missing or wrong. */
export function readApiConfig(env: Readonly<Record<string, string | undefined>> = process.env): ApiConfig {
  const config = readConfig(schema, env);
  const host = ['0.0.0.0', '::'].includes(config.HOST) ? '127.0.0.1' : config.HOST;
  return { ...config, publicUrl: config.PUBLIC_URL ?? `http://${host}:${config.PORT}` };
}
