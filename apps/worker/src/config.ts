import { encryptionKeys, flag, port, readConfig, secret } from '@turnpike/runtime/config.js';
import { MAX_DEVICES } from '@turnpike/contracts/devices.js';
import { timeZone } from '@turnpike/contracts/package-terms.js';
import { Secret } from '@turnpike/core/secret.js';
import { MOST_DEVICES } from '@turnpike/features/customers/portal-customer.js';
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
  /** How many devices a customer may have on the list; the API has the same. */
  CUSTOMER_DEVICES: z.coerce.number().int().min(1).max(MAX_DEVICES).default(MOST_DEVICES),
  /** Bulk SMS of Africa's Talking, or of a stand-in; without a key text messages go to the log. */
  SMS_URL: url(/^https?$/).default('https://api.africastalking.com'),
  SMS_USERNAME: z.string().default('sandbox'),
  SMS_API_KEY: secret().optional(),
  /** Short code or alphanumeric sender that the provider has given. */
  SMS_SENDER: z.string().min(1).max(20).optional(),
  /** `smtp://user:password@host:587` or `smtps://...`; without it e-mails go to the log. */
  SMTP_URL: url(/^smtps?$/)
    .transform((text) => new Secret(text))
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/@/, 'must be an e-mail address, or a name and one in angle brackets')
    .default('Turnpike <noreply@localhost>'),
  /** For times of day in messages. */
  PORTAL_TIME_ZONE: timeZone.default('Africa/Nairobi'),
  /** M-Pesa's API (https://api.safaricom.co.ke) or a stand-in, without a slash at the end; without it nobody can pay by M-Pesa. */
  DARAJA_URL: url(/^https?$/)
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  DARAJA_CONSUMER_KEY: secret().optional(),
  DARAJA_CONSUMER_SECRET: secret().optional(),
  DARAJA_SHORTCODE: z
    .string()
    .regex(/^\d{5,7}$/, 'must be the 5 to 7 digits of the paybill')
    .optional(),
  DARAJA_PASSKEY: secret().optional(),
  /** In the addresses that payments to the paybill are announced at; with it they are registered with M-Pesa. The API has the same. */
  DARAJA_C2B_TOKEN: secret(16).optional(),
  /** Where M-Pesa reaches the API, when that is not `http://HOST:PORT`. */
  PUBLIC_URL: url(/^https?$/).optional(),
  HOST: z.string().default('127.0.0.1'),
  /** What the pages on routers say; the API has the same. */
  PORTAL_NAME: z.string().trim().min(1).max(60).default('Turnpike WiFi'),
  PORTAL_COLOR: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #0b6b57')
    .default('#0b6b57'),
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
