import { z } from 'zod';
import { loopbackUnless } from './config.js';
import { readJson, writeJson } from './json-file.js';
import type { OpsTarget } from './ops-registry.js';
import type { StoreUrls } from './processes-env.js';
import type { Secrets } from './secrets.js';
import type { Ports } from './settled-ports.js';
import type { OutsideServices } from './stand-ins.js';

const outside = z.object({ url: z.string().nullable(), controlUrl: z.string().optional() });

/** `.data/instance.json`: what other people's scripts read about the running system. */
const instanceSchema = z.object({
  apiUrl: z.string(),
  consoleUrl: z.string(),
  portalUrl: z.string(),
  operator: z.object({ email: z.string(), password: z.string() }),
  apiToken: z.string(),
  radius: z.object({ host: z.string(), authPort: z.number(), acctPort: z.number() }),
  ops: z.array(z.object({ role: z.string(), instance: z.string(), url: z.string() })),
  postgresUrl: z.string(),
  redis: z.object({ durableUrl: z.string(), cacheUrl: z.string() }),
  daraja: outside,
  sms: outside.optional(),
});
export type Instance = z.infer<typeof instanceSchema>;

export interface InstanceInput {
  readonly host: string;
  readonly radiusHost: string;
  readonly ports: Ports;
  readonly urls: StoreUrls;
  readonly secrets: Secrets;
  readonly ops: readonly OpsTarget[];
  readonly outside: OutsideServices;
}

export function baseUrlOf(host: string, port: number): string {
  const address = loopbackUnless(host);
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

export function describeInstance({ host, radiusHost, ports, urls, secrets, ops, outside }: InstanceInput): Instance {
  const base = baseUrlOf(host, ports.api);
  return {
    apiUrl: `${base}/api/v1`,
    consoleUrl: `${base}/console/`,
    portalUrl: `${base}/portal`,
    operator: { email: secrets.operatorEmail, password: secrets.operatorPassword },
    apiToken: secrets.apiToken,
    radius: { host: loopbackUnless(radiusHost), authPort: ports.radiusAuth, acctPort: ports.radiusAcct },
    ops: [...ops],
    postgresUrl: urls.databaseUrl,
    redis: { durableUrl: urls.redisDurableUrl, cacheUrl: urls.redisCacheUrl },
    ...outside,
  };
}

export function writeInstance(file: string, instance: Instance): Promise<void> {
  return writeJson(file, instance);
}

export function readInstance(file: string): Promise<Instance | undefined> {
  return readJson(file, instanceSchema);
}
