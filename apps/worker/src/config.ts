import { encryptionKeys, flag, port, readConfig } from '@turnpike/runtime/config.js';
import { MAX_DEVICES } from '@turnpike/contracts/devices.js';
import { MOST_DEVICES } from '@turnpike/features/customers/portal-customer.js';
import { settingsEnvironment } from '@turnpike/features/settings/environment-settings.js';
import { tracingEnvironment } from '@turnpike/runtime/tracing/tracing-environment.js';
import { logLevels } from '@turnpike/runtime/logger.js';
import { z } from 'zod';

const url = (protocol: RegExp) => z.url({ protocol });

const schema = z.object({
  DATABASE_URL: url(/^postgres(ql)?$/),
  REDIS_DURABLE_URL: url(/^rediss?$/),
  REDIS_CACHE_URL: url(/^rediss?$/),
  ENCRYPTION_KEYS: encryptionKeys(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  /** Whose disk is measured. */
  TURNPIKE_DATA: z.string().min(1).default('.'),
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
  /** How many devices a customer may have on the list; the API has the same. */
  CUSTOMER_DEVICES: z.coerce.number().int().min(1).max(MAX_DEVICES).default(MOST_DEVICES),
  ...settingsEnvironment,
  ...tracingEnvironment,
  /** Where M-Pesa reaches the API, when that is not `http://HOST:PORT`. */
  PUBLIC_URL: url(/^https?$/).optional(),
  HOST: z.string().default('127.0.0.1'),
  /** Only where simulated routers live on this machine. */
  ROUTER_ALLOW_LOOPBACK: flag().default(false),
  /** Proofs only: a file with the name of a crash point in this directory kills the process that passes there next. */
  TURNPIKE_CRASH_DIR: z.string().optional(),
});

/** Half of M-Pesa's settings is none: what is missing is named at the start, not at the first payment. */
const complete = schema.superRefine((config, context) => {
  if (config.DARAJA_URL === undefined) return;
  for (const name of ['DARAJA_CONSUMER_KEY', 'DARAJA_CONSUMER_SECRET', 'DARAJA_SHORTCODE', 'DARAJA_PASSKEY'] as const) {
    if (config[name] !== undefined) continue;
    context.addIssue({ code: 'custom', path: [name], message: 'is needed where DARAJA_URL is set' });
  }
});

export type WorkerConfig = z.output<typeof schema> & { readonly publicUrl: string };

/** Throws one ConfigError that lists every variable that is missing or wrong. */
export function readWorkerConfig(env: Readonly<Record<string, string | undefined>> = process.env): WorkerConfig {
  const config = readConfig(complete, env);
  const host = ['0.0.0.0', '::'].includes(config.HOST) ? '127.0.0.1' : config.HOST;
  return { ...config, publicUrl: (config.PUBLIC_URL ?? `http://${host}:${config.PORT}`).replace(/\/+$/, '') };
}
