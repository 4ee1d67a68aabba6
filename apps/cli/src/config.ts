import { availableParallelism, homedir } from 'node:os';
import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535).optional();
const environmentSchema = z.object({
  TURNPIKE_DATA: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_DURABLE_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  REDIS_CACHE_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: port,
  RADIUS_HOST: z.string().default('127.0.0.1'),
  RADIUS_AUTH_PORT: port,
  RADIUS_ACCT_PORT: port,
  RADIUS_ADVERTISED_ADDRESS: z.string().optional(),
  API_INSTANCES: z.coerce.number().int().min(1).max(256).optional(),
  RADIUS_AUTH_INSTANCES: z.coerce.number().int().min(1).max(64).default(1),
  RADIUS_ACCT_INSTANCES: z.coerce.number().int().min(1).max(64).default(1),
  WORKER_INSTANCES: z.coerce.number().int().min(1).max(64).default(1),
  XDG_CONFIG_HOME: z.string().optional(),
  NO_COLOR: z.string().optional(),
  SIMULATOR_ROUTERS: z.coerce.number().int().min(0).max(1000).optional(),
});

/** Variables that are handed on to the processes as they are; what each means is in that process's own config. */
const HANDED_ON =
  /^(OTEL_|RADIUS_|ACCOUNTING_|API_|WORKER_|ROUTER_|SIMULATOR_|DARAJA_|MPESA_|SMS_|SMTP_|MAIL_|NOTICE_|PORTAL_|CUSTOMER_|LOG_|PUBLIC_|TRUST_PROXY|ENCRYPTION_KEYS$|TOKEN_PEPPER$|METRICS_TOKEN$|TURNPIKE_CRASH_DIR$|TZ$|NODE_EXTRA_CA_CERTS$)/;

/** Variables of the caller that every program we start gets. */
const ALWAYS = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TERM', 'SSL_CERT_FILE'];

export interface CliConfig {
  /** The clone. */
  readonly root: string;
  readonly dataDir: string;
  /** Servers of the user's own; the embedded ones are used where these are missing. */
  readonly databaseUrl: string | undefined;
  readonly redisDurableUrl: string | undefined;
  readonly redisCacheUrl: string | undefined;
  readonly host: string;
  readonly radiusHost: string;
  /** Address the routers are told to send RADIUS to. */
  readonly radiusAdvertisedAddress: string;
  /** Ports the user asked for; where missing a free one is chosen and kept. */
  readonly port: number | undefined;
  readonly radiusAuthPort: number | undefined;
  readonly radiusAcctPort: number | undefined;
  readonly apiInstances: number;
  /** Processes that share the port. */
  readonly radiusAuthInstances: number;
  readonly radiusAcctInstances: number;
  /** Processes that take jobs from the same queues. */
  readonly workerInstances: number;
  /** Simulated routers of the demo; 0 with a database of the user's own unless asked for. */
  readonly simulatorRouters: number;
  /** Where a person's own settings are kept. */
  readonly configHome: string;
  /** https://no-color.org */
  readonly noColour: boolean;
  readonly handedOn: Readonly<Record<string, string>>;
  /** The few variables a program needs to run at all. */
  readonly bareEnvironment: Readonly<Record<string, string>>;
  /** Everything, for programs that act for the user in this terminal. */
  readonly fullEnvironment: Readonly<Record<string, string>>;
}

function present(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  return Object.fromEntries(entries);
}

function pick(env: Readonly<Record<string, string>>, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted(name)));
}

/** Reads the environment; AppError `validation_failed` names every bad variable. An empty one counts as missing. */
export function readConfig(processEnvironment: NodeJS.ProcessEnv = process.env): CliConfig {
  const env = present(processEnvironment);
  const parsed = environmentSchema.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new AppError('validation_failed', `these environment variables cannot be used:\n${lines.join('\n')}`);
  }
  const { data } = parsed;
  const root = path.resolve(import.meta.dirname, '..', '..', '..');
  return {
    root,
    dataDir: path.resolve(root, data.TURNPIKE_DATA ?? '.data'),
    databaseUrl: data.DATABASE_URL,
    redisDurableUrl: data.REDIS_DURABLE_URL,
    redisCacheUrl: data.REDIS_CACHE_URL,
    host: data.HOST,
    radiusHost: data.RADIUS_HOST,
    radiusAdvertisedAddress: data.RADIUS_ADVERTISED_ADDRESS ?? loopbackUnless(data.RADIUS_HOST),
    port: data.PORT,
    radiusAuthPort: data.RADIUS_AUTH_PORT,
    radiusAcctPort: data.RADIUS_ACCT_PORT,
    apiInstances: data.API_INSTANCES ?? availableParallelism(),
    radiusAuthInstances: data.RADIUS_AUTH_INSTANCES,
    radiusAcctInstances: data.RADIUS_ACCT_INSTANCES,
    workerInstances: data.WORKER_INSTANCES,
    simulatorRouters: data.SIMULATOR_ROUTERS ?? (data.DATABASE_URL === undefined ? 1 : 0),
    configHome: data.XDG_CONFIG_HOME ?? path.join(homedir(), '.config'),
    noColour: data.NO_COLOR !== undefined,
    handedOn: pick(env, (name) => HANDED_ON.test(name)),
    bareEnvironment: pick(env, (name) => ALWAYS.includes(name)),
    fullEnvironment: env,
  };
}

/** An address to reach a server that listens on `host`. */
export function loopbackUnless(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
