import { services, type ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { z } from 'zod';

/** What somebody is entering: like a service, and not yet checked. */
const draftService = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hotspot'),
    interfaces: z.array(z.string()),
    gateway: z.string(),
    dnsName: z.string(),
    walledGarden: z.array(z.string()),
    clientIsolation: z.boolean(),
    takeInterfaces: z.boolean(),
  }),
  z.object({
    type: z.literal('pppoe'),
    interfaces: z.array(z.string()),
    serviceName: z.string(),
    pool: z.string(),
  }),
]);
const draft = z.array(draftService);

export type DraftService = z.infer<typeof draftService>;
export type ServicesDraft = readonly DraftService[];

export interface Issue {
  /** `services.0.gateway`, as the API names it. */
  readonly path: string;
  readonly message: string;
}

const MOST_NETWORKS = 100;

/** A service that does not meet the addresses of the others. */
export function suggestService(type: ServiceConfig['type'], others: ServicesDraft): DraftService {
  if (type === 'hotspot') {
    return {
      type,
      interfaces: [],
      gateway: free(others, (step) => `10.5.${50 + 2 * step}.1/23`),
      dnsName: '',
      walledGarden: [],
      clientIsolation: true,
      takeInterfaces: false,
    };
  }
  const count = others.filter((other) => other.type === 'pppoe').length;
  return {
    type,
    interfaces: [],
    serviceName: count === 0 ? 'turnpike' : `turnpike-${count + 1}`,
    pool: free(others, (step) => `10.6.${4 * step}.0/22`),
  };
}

function free(others: ServicesDraft, network: (step: number) => string): string {
  const taken = new Set(others.map((other) => (other.type === 'hotspot' ? other.gateway : other.pool)));
  for (let step = 0; step < MOST_NETWORKS; step += 1) {
    if (!taken.has(network(step))) return network(step);
  }
  return '';
}

export function draftOf(deployed: readonly ServiceConfig[]): ServicesDraft {
  return deployed.map((service): DraftService =>
    service.type === 'hotspot' ? { ...service, dnsName: service.dnsName ?? '' } : service,
  );
}

type Checked =
  | { readonly services: readonly ServiceConfig[]; readonly issues?: undefined }
  | { readonly services?: undefined; readonly issues: readonly Issue[] };

/** What a draft asks for, or what is wrong with it. */
export function checkDraft(entered: ServicesDraft): Checked {
  const parsed = services.safeParse(entered.map(asConfig));
  if (parsed.success) return { services: parsed.data };
  return {
    issues: parsed.error.issues.map(({ path, message }) => ({ path: ['services', ...path].join('.'), message })),
  };
}

function asConfig(service: DraftService): z.input<typeof services>[number] {
  if (service.type === 'pppoe') return service;
  const { dnsName, ...rest } = service;
  return dnsName.trim() === '' ? rest : { ...rest, dnsName: dnsName.trim() };
}

/** The message for a field, or for something within it (`services.0.walledGarden.2`). */
export function issueAt(issues: readonly Issue[], path: string): string | undefined {
  return issues.find((issue) => issue.path === path || issue.path.startsWith(`${path}.`))?.message;
}

function placeOf(routerId: string): string {
  return `turnpike-services-${routerId}`;
}

/** What was entered for a router and not yet deployed; undefined when nothing was. */
export function readDraft(storage: Pick<Storage, 'getItem'>, routerId: string): ServicesDraft | undefined {
  const text = storage.getItem(placeOf(routerId));
  if (text === null) return undefined;
  try {
    return draft.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function keepDraft(storage: Pick<Storage, 'setItem'>, routerId: string, entered: ServicesDraft): void {
  storage.setItem(placeOf(routerId), JSON.stringify(entered));
}

export function forgetDraft(storage: Pick<Storage, 'removeItem'>, routerId: string): void {
  storage.removeItem(placeOf(routerId));
}
