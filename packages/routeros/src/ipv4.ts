/** An IPv4 network. All numbers are unsigned 32-bit integers, the first octet in the high byte. */
export interface Ipv4Cidr {
  /** As written; host bits may be set (`10.0.0.1/24` is a usual interface address). */
  readonly address: number;
  readonly prefix: number;
  readonly network: number;
  readonly broadcast: number;
}

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);
const PREFIX = /^(?:3[0-2]|[12]?\d)$/;

/** Dotted quad without leading zeros (`010.0.0.1` is octal to some readers), or undefined. */
export function parseIpv4(text: string): number | undefined {
  const match = IPV4.exec(text);
  return match === null ? undefined : match.slice(1).reduce((address, octet) => address * 256 + Number(octet), 0);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

/** `10.0.0.1/24`; a lone address counts as /32. undefined when it is neither. */
export function parseCidr(text: string): Ipv4Cidr | undefined {
  const slash = text.indexOf('/');
  const address = parseIpv4(slash < 0 ? text : text.slice(0, slash));
  const prefixText = slash < 0 ? '32' : text.slice(slash + 1);
  if (address === undefined || !PREFIX.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  const size = 2 ** (32 - prefix);
  const network = address - (address % size);
  return { address, prefix, network, broadcast: network + size - 1 };
}

/** `10.0.0.1/24` with the address as it was written. */
export function formatCidr(cidr: Pick<Ipv4Cidr, 'address' | 'prefix'>): string {
  return `${formatIpv4(cidr.address)}/${cidr.prefix}`;
}

/** First address a host may have: the one after the network, except in /31 (RFC 3021) and /32. */
export function firstHost(cidr: Ipv4Cidr): number {
  return cidr.prefix >= 31 ? cidr.network : cidr.network + 1;
}

/** Last address a host may have: the one before the broadcast, except in /31 (RFC 3021) and /32. */
export function lastHost(cidr: Ipv4Cidr): number {
  return cidr.prefix >= 31 ? cidr.broadcast : cidr.broadcast - 1;
}

export function cidrContains(cidr: Ipv4Cidr, address: number): boolean {
  return address >= cidr.network && address <= cidr.broadcast;
}

export function cidrsOverlap(a: Ipv4Cidr, b: Ipv4Cidr): boolean {
  return a.network <= b.broadcast && b.network <= a.broadcast;
}
