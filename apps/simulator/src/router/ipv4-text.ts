/** IPv4 arithmetic on the texts RouterOS prints. */
export function ipToNumber(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (parts === null) return undefined;
  const octets = parts.slice(1).map(Number);
  if (octets.some((octet) => octet > 255)) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

export function numberToIp(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

export interface Prefix {
  readonly address: number;
  readonly bits: number;
}

/** `10.0.0.1/23`, or a bare address as a /32. */
export function parsePrefix(text: string): Prefix | undefined {
  const [ip = '', bits, ...rest] = text.split('/');
  const address = ipToNumber(ip);
  if (address === undefined || rest.length > 0) return undefined;
  if (bits === undefined) return { address, bits: 32 };
  if (!/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  return { address, bits: Number(bits) };
}

export function networkOf({ address, bits }: Prefix): number {
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) * size;
}

export interface Range {
  readonly first: number;
  readonly last: number;
}

/** `10.0.0.2-10.0.0.9`, `10.0.0.0/24` or one address. */
export function parseRange(text: string): Range | undefined {
  const [from = '', to, ...rest] = text.split('-');
  if (to !== undefined) {
    const first = ipToNumber(from);
    const last = ipToNumber(to);
    if (first === undefined || last === undefined || last < first || rest.length > 0) return undefined;
    return { first, last };
  }
  const prefix = parsePrefix(text);
  if (prefix === undefined) return undefined;
  const first = networkOf(prefix);
  return { first, last: first + 2 ** (32 - prefix.bits) - 1 };
}
