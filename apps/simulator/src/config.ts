import { z } from 'zod';
import { parseVersion } from './schema/version.js';
import type { Flags } from './cli-flags.js';

const port = z.coerce.number().int().min(0).max(65535);
const ipv4 = z.ipv4();

const radius = z
  .string()
  .regex(/^[^:]+:\d+:\d+$/, 'must look like 127.0.0.1:1812:1813')
  .transform((text) => {
    const [host = '', auth = '', acct = ''] = text.split(':');
    return { host, authPort: Number(auth), acctPort: Number(acct) };
  });

const version = z.string().refine((text) => {
  try {
    parseVersion(text);
    return true;
  } catch {
    return false;
  }
}, 'must be a RouterOS version such as 7.22');

const schema = z.object({
  routers: z.coerce.number().int().min(1).max(2000).default(1),
  apiPortBase: port.default(0),
  version: version.default('7.22'),
  phones: z.coerce.number().int().min(0).max(5000).default(0),
  radius: radius.optional(),
  radiusSecret: z.string().min(1).default('simulated'),
  record: z.string().min(1).optional(),
  readyFile: z.string().min(1).optional(),
  seed: z.coerce.number().int().min(0).default(1),
  controlPort: port.default(0),
  darajaPort: port.default(0),
  darajaConsumerKey: z.string().min(1).default('simulated-key'),
  darajaConsumerSecret: z.string().min(1).default('simulated-secret'),
  darajaShortcode: z
    .string()
    .regex(/^\d{5,7}$/, 'must be 5 to 7 digits')
    .default('174379'),
  darajaPasskey: z.string().min(1).default('simulated-passkey'),
  smsPort: port.default(0),
  smsUsername: z.string().min(1).default('sandbox'),
  smsApiKey: z.string().min(1).default('simulated'),
  username: z.string().min(1).default('admin'),
  password: z.string().default('simulated'),
  nasAddress: ipv4.optional(),
  deviceMode: z.enum(['advanced', 'home']).default('advanced'),
  bridgedPorts: z
    .string()
    .default('ether2')
    .transform((text) => text.split(',').filter((one) => one !== '')),
  tls: z
    .enum(['yes', 'no'])
    .default('yes')
    .transform((text) => text === 'yes'),
});

export type SimulatorConfig = z.infer<typeof schema>;

const envName = (field: string): string =>
  `SIMULATOR_${field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** Flags win over SIMULATOR_* variables; one error lists everything that is wrong. */
export function readConfig(flags: Flags, env: NodeJS.ProcessEnv = process.env): SimulatorConfig {
  const given: Record<string, string> = {};
  for (const field of Object.keys(schema.shape)) {
    const fromEnv = env[envName(field)];
    const value = flags[field] ?? (fromEnv === '' ? undefined : fromEnv);
    if (value !== undefined) given[field] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const field = String(issue.path[0] ?? '');
    const flag = `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return `${flag} (${envName(field)}): ${issue.message}`;
  });
  throw new Error(`the simulator cannot start:\n${lines.join('\n')}`);
}
