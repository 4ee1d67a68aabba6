import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { services as servicesSchema, type ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { getRouter } from '@turnpike/contracts/routers.js';
import type { ApiClient } from '../api-client.js';
import { EXIT, VerbError } from './exit.js';
import { parseWords, type VerbHost } from './verb.js';

export interface ServiceOptions {
  readonly hotspot?: string[];
  readonly gateway?: string;
  readonly dnsName?: string;
  readonly walledGarden?: string[];
  readonly takeInterfaces?: boolean;
  readonly pppoe?: string[];
  readonly pool?: string;
  readonly services?: string;
}

export function serviceOptions(command: Command): void {
  command
    .option('--hotspot <interfaces>', 'hotspot on these interfaces, for example ether3,ether4', parseWords)
    .option('--gateway <cidr>', 'address of the hotspot and size of its network')
    .option('--dns-name <name>', 'name of its login page')
    .option('--walled-garden <hosts>', 'hosts that may be opened before login', parseWords)
    .option('--take-interfaces', 'take interfaces out of another bridge')
    .option('--pppoe <interfaces>', 'PPPoE server on these interfaces', parseWords)
    .option('--pool <range>', 'addresses for PPPoE customers')
    .option('--services <file>', 'the services as JSON, - for standard input');
}

/** What the options say; undefined: nothing, which means what is deployed now. */
export async function servicesAsked(host: VerbHost, options: ServiceOptions): Promise<ServiceConfig[] | undefined> {
  if (options.services !== undefined) return servicesFrom(host, options.services);
  const wished: unknown[] = [];
  const { gateway, dnsName, walledGarden, takeInterfaces, pool } = options;
  if (options.hotspot !== undefined) {
    wished.push({ type: 'hotspot', interfaces: options.hotspot, gateway, dnsName, walledGarden, takeInterfaces });
  } else if ([gateway, dnsName, walledGarden, takeInterfaces].some((one) => one !== undefined)) {
    throw new VerbError('--gateway, --dns-name, --walled-garden and --take-interfaces need --hotspot.', EXIT.usage);
  }
  if (options.pppoe !== undefined) wished.push({ type: 'pppoe', interfaces: options.pppoe, pool });
  else if (pool !== undefined) throw new VerbError('--pool needs --pppoe.', EXIT.usage);
  return wished.length === 0 ? undefined : parsed(wished, 'the services');
}

/** The services that are deployed on a router, to deploy them again. */
export async function servicesOn(api: ApiClient, router: { id: string; name: string }): Promise<ServiceConfig[]> {
  const { deployedServices } = await api.call(getRouter, { params: { id: router.id } });
  const found = servicesSchema.safeParse(deployedServices);
  if (found.success) return found.data;
  throw new VerbError(`Nothing is deployed on ${router.name} yet: say what, for example --hotspot ether3.`, EXIT.usage);
}

async function servicesFrom(host: VerbHost, file: string): Promise<ServiceConfig[]> {
  const text = file === '-' ? await host.readStdin() : await readFile(file, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new VerbError(`${file} is not JSON.`, EXIT.usage);
  }
  return parsed(value, file);
}

function parsed(value: unknown, what: string): ServiceConfig[] {
  const result = servicesSchema.safeParse(value);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new VerbError(`${what} cannot be used:\n${reasons.join('\n')}`, EXIT.usage);
}
