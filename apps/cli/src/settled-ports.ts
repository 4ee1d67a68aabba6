import { AppError } from '@turnpike/core/app-error.js';
import { describePortHolder } from '@turnpike/stores/port-holder.js';
import { type Endpoint, isPortFree, nextFreePort } from '@turnpike/stores/ports.js';
import { z } from 'zod';
import { readJson, writeJson } from './json-file.js';

export const portNames = [
  'postgres',
  'redisDurable',
  'redisCache',
  'api',
  'radiusAuth',
  'radiusAcct',
  'simulatorApi',
  'simulatorControl',
  'simulatorDaraja',
  'simulatorSms',
] as const;
export type PortName = (typeof portNames)[number];
export type Ports = Readonly<Record<PortName, number>>;

const portsSchema = z.partialRecord(z.enum(portNames), z.number().int());
export type KnownPorts = z.infer<typeof portsSchema>;

export interface PortWish extends Endpoint {
  readonly name: PortName;
  /** What it is for, as the user is told. */
  readonly title: string;
  /** Set when the user named this port in this variable: another one will not do. */
  readonly variable?: string | undefined;
  /** Our own server listens on the known port now. */
  readonly isOurs: boolean;
}

async function settle(
  wish: PortWish,
  known: number | undefined,
  used: ReadonlySet<number>,
  log: (line: string) => void,
) {
  const wanted = wish.variable === undefined ? (known ?? wish.port) : wish.port;
  if (wish.isOurs && wanted === known) return wanted;
  if (!used.has(wanted) && (await isPortFree({ ...wish, port: wanted }))) return wanted;
  const holder =
    (await describePortHolder(wish.protocol, wanted)) ??
    (used.has(wanted) ? 'Turnpike itself' : 'nobody: it may not be used');
  const taken = `${wish.protocol.toUpperCase()} port ${wanted} (${wish.title}) is taken by ${holder}`;
  if (wish.variable !== undefined) {
    throw new AppError('conflict', `${taken}. Stop that, or start with another ${wish.variable}.`);
  }
  const chosen = await nextFreePort({ ...wish, port: wanted + 1 }, used);
  log(`${taken}: using ${chosen}`);
  return chosen;
}

/** Finds a port for every wish and keeps the choice in `file`. Errors: AppError `conflict` names who holds a port. */
export async function settlePorts(
  file: string,
  wishes: readonly PortWish[],
  log: (line: string) => void,
): Promise<Ports> {
  const known = (await readPorts(file)) ?? {};
  const settled = new Map<PortName, number>();
  for (const wish of wishes) {
    settled.set(wish.name, await settle(wish, known[wish.name], new Set(settled.values()), log));
  }
  const port = (name: PortName) => settled.get(name) ?? 0;
  const ports: Ports = {
    postgres: port('postgres'),
    redisDurable: port('redisDurable'),
    redisCache: port('redisCache'),
    api: port('api'),
    radiusAuth: port('radiusAuth'),
    radiusAcct: port('radiusAcct'),
    simulatorApi: port('simulatorApi'),
    simulatorControl: port('simulatorControl'),
    simulatorDaraja: port('simulatorDaraja'),
    simulatorSms: port('simulatorSms'),
  };
  await writeJson(file, ports);
  return ports;
}

export function readPorts(file: string): Promise<KnownPorts | undefined> {
  return readJson(file, portsSchema);
}
