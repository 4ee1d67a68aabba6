import type { HotspotService, PppoeService, ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { invalidField } from '@turnpike/core/app-error.js';
import { firstHost, formatIpv4, lastHost, parseCidr, parseIpv4, type Ipv4Cidr } from '@turnpike/routeros/ipv4.js';

/** Addresses of a service. All numbers are unsigned 32-bit. */
export interface AddressPlan {
  /** The router's own address towards the customers. */
  readonly gateway: string;
  /** `10.5.50.1/23`; only where the router carries the network on an interface. */
  readonly interfaceAddress: string | undefined;
  /** What a firewall rule calls the customers: a network or a range. */
  readonly clients: string;
  /** What a pool hands out, `a-b` or `a-b,c-d`. */
  readonly ranges: string;
  readonly first: number;
  readonly last: number;
}

/** undefined when the text makes no sense as addresses; `problemOf` then says why. */
export function hotspotAddresses(service: HotspotService): AddressPlan | undefined {
  const cidr = parseCidr(service.gateway);
  if (cidr === undefined || hotspotProblem(cidr) !== undefined) return undefined;
  const network = `${formatIpv4(cidr.network)}/${cidr.prefix}`;
  return {
    gateway: formatIpv4(cidr.address),
    interfaceAddress: service.gateway,
    clients: network,
    ranges: rangesWithout(firstHost(cidr), lastHost(cidr), cidr.address),
    first: cidr.network,
    last: cidr.broadcast,
  };
}

/** A network gives its first host to the router; a range leaves the router the address before it. */
export function pppoeAddresses(service: PppoeService): AddressPlan | undefined {
  if (service.pool.includes('/')) return networkPool(service.pool);
  const [from, to] = service.pool.split('-').map((end) => parseIpv4(end));
  if (from === undefined || to === undefined || from > to || from === 0 || to - from > 0xff_ffff) return undefined;
  const range = `${formatIpv4(from)}-${formatIpv4(to)}`;
  return {
    gateway: formatIpv4(from - 1),
    interfaceAddress: undefined,
    clients: range,
    ranges: range,
    first: from - 1,
    last: to,
  };
}

function networkPool(text: string): AddressPlan | undefined {
  const cidr = parseCidr(text);
  if (cidr === undefined || cidr.prefix < 8 || cidr.prefix > 30 || cidr.address !== cidr.network) return undefined;
  return {
    gateway: formatIpv4(firstHost(cidr)),
    interfaceAddress: undefined,
    clients: text,
    ranges: `${formatIpv4(firstHost(cidr) + 1)}-${formatIpv4(lastHost(cidr))}`,
    first: cidr.network,
    last: cidr.broadcast,
  };
}

function rangesWithout(first: number, last: number, gateway: number): string {
  const parts = [
    [first, gateway - 1],
    [gateway + 1, last],
  ] as const;
  return parts
    .filter(([from, to]) => from <= to)
    .map(([from, to]) => `${formatIpv4(from)}-${formatIpv4(to)}`)
    .join(',');
}

function hotspotProblem(cidr: Ipv4Cidr): string | undefined {
  if (cidr.prefix < 8 || cidr.prefix > 30) return 'the network must be between /8 and /30';
  if (cidr.address < firstHost(cidr) || cidr.address > lastHost(cidr)) {
    return 'the gateway must be a host of its network, not the network or broadcast address';
  }
  return undefined;
}

/** Throws `validation_failed` naming the field when an address, a pool or a combination of services cannot work. */
export function assertServices(services: readonly ServiceConfig[]): void {
  const seen: { plan: AddressPlan; index: number }[] = [];
  services.forEach((service, index) => {
    const field = `services.${index}.${service.type === 'hotspot' ? 'gateway' : 'pool'}`;
    const plan = addressesOf(service);
    if (plan === undefined) throw invalidField(field, problemOf(service));
    const other = seen.find((earlier) => rangesMeet(earlier.plan, plan));
    if (other !== undefined) throw invalidField(field, `overlaps with the addresses of service ${other.index + 1}`);
    seen.push({ plan, index });
  });
  assertInterfaces(services);
}

export function addressesOf(service: ServiceConfig): AddressPlan | undefined {
  return service.type === 'hotspot' ? hotspotAddresses(service) : pppoeAddresses(service);
}

export function rangesMeet(a: Pick<AddressPlan, 'first' | 'last'>, b: Pick<AddressPlan, 'first' | 'last'>): boolean {
  return a.first <= b.last && b.first <= a.last;
}

function problemOf(service: ServiceConfig): string {
  if (service.type === 'pppoe')
    return 'must be a network between /8 and /30 or a range from a lower to a higher address';
  const cidr = parseCidr(service.gateway);
  return (cidr === undefined ? undefined : hotspotProblem(cidr)) ?? 'is not an IPv4 address with prefix length';
}

/** An interface carries one hotspot, and one PPPoE service of a name. */
function assertInterfaces(services: readonly ServiceConfig[]): void {
  const taken = new Set<string>();
  services.forEach((service, index) => {
    service.interfaces.forEach((name, position) => {
      const use = service.type === 'hotspot' ? `hotspot ${name}` : `pppoe ${service.serviceName} ${name}`;
      if (taken.has(use)) throw invalidField(`services.${index}.interfaces.${position}`, `${name} is named twice`);
      taken.add(use);
    });
  });
}
