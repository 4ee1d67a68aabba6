import { isIPv4 } from 'node:net';
import { toGigawords } from '@turnpike/core/octets.js';
import { ATTR, MICROSOFT, MIKROTIK, VENDOR, type Attribute } from './attributes.js';
import { loadDictionary } from './dictionary.js';
import type { RadiusPacket } from './packet.js';

const MAX_VALUE = 253;
const MAX_VENDOR_VALUE = 247;
const MAX_INTEGER = 0xffff_ffff;

/** UTF-8 text of 1 to 253 bytes (RFC 2865 5). Every constructor here throws a RangeError that names the attribute. */
export function textAttr(type: number, text: string): Attribute {
  return { type, value: textBytes(type, undefined, text) };
}

/** Unsigned 32-bit integer; NaN, fractions, null and the like are refused, as 0 often means "no limit" to a NAS. */
export function integerAttr(type: number, value: number): Attribute {
  return { type, value: integerBytes(type, undefined, value) };
}

/** Dotted IPv4 address. */
export function ipv4Attr(type: number, address: string): Attribute {
  return { type, value: ipv4Bytes(type, undefined, address) };
}

/** Up to 253 bytes as they are. */
export function bytesAttr(type: number, value: Buffer): Attribute {
  if (value.length > MAX_VALUE) throw outOfRange(type, undefined, `at most ${MAX_VALUE} bytes`);
  return { type, value };
}

/** UTF-8 text of 1 to 247 bytes in a Vendor-Specific attribute. */
export function vendorTextAttr(vendor: number, type: number, text: string): Attribute {
  return { vendor, type, value: textBytes(type, vendor, text) };
}

export function vendorIntegerAttr(vendor: number, type: number, value: number): Attribute {
  return { vendor, type, value: integerBytes(type, vendor, value) };
}

export function vendorIpv4Attr(vendor: number, type: number, address: string): Attribute {
  return { vendor, type, value: ipv4Bytes(type, vendor, address) };
}

/** Up to 247 bytes as they are. */
export function vendorBytesAttr(vendor: number, type: number, value: Buffer): Attribute {
  if (value.length > MAX_VENDOR_VALUE) throw outOfRange(type, vendor, `at most ${MAX_VENDOR_VALUE} bytes`);
  return { vendor, type, value };
}

/** 68 years: what any NAS can count to. */
export const MOST_SESSION_SECONDS = 2 ** 31 - 1;

/** Session-Timeout in seconds, at least 1: RouterOS reads 0 as no limit, so nothing left must be a Reject instead. */
export function sessionTimeoutAttr(seconds: number): Attribute {
  if (seconds === 0) throw outOfRange(ATTR.SESSION_TIMEOUT, undefined, 'at least 1 second');
  return integerAttr(ATTR.SESSION_TIMEOUT, seconds);
}

/**
 * Bytes a session may carry in both directions, as Mikrotik-Total-Limit and its Gigawords. At least 1: RouterOS reads 0
 * as no limit.
 */
export function mikrotikTotalLimitAttrs(octets: bigint): Attribute[] {
  const { MIKROTIK: vendor } = VENDOR;
  if (octets < 1n || octets >= 1n << 64n) throw outOfRange(MIKROTIK.TOTAL_LIMIT, vendor, '1 to 2^64-1 bytes');
  const halves = toGigawords(octets);
  return [
    vendorIntegerAttr(vendor, MIKROTIK.TOTAL_LIMIT, halves.octets),
    vendorIntegerAttr(vendor, MIKROTIK.TOTAL_LIMIT_GIGAWORDS, halves.gigawords),
  ];
}

/**
 * Printable values by attribute name, for logs; attributes that hold passwords, keys or signatures are left out.
 * Repeated attributes are joined by a comma. A voucher's User-Name is its password too: redact it where that matters.
 */
export function describeAttributes(packet: RadiusPacket): Record<string, string> {
  const dictionary = loadDictionary();
  const described = new Map<string, string>();
  for (const attribute of packet.attributes()) {
    if (isSecret(attribute)) continue;
    const name = dictionary.nameOf(attribute.type, attribute.vendor);
    const value = dictionary.print(attribute);
    const before = described.get(name);
    described.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(described);
}

const SECRET_TYPES: ReadonlySet<number> = new Set([
  ATTR.USER_PASSWORD,
  ATTR.CHAP_PASSWORD,
  ATTR.CHAP_CHALLENGE,
  ATTR.TUNNEL_PASSWORD,
  ATTR.EAP_MESSAGE,
  ATTR.MESSAGE_AUTHENTICATOR,
]);

const OPEN_MICROSOFT_TYPES: ReadonlySet<number> = new Set([
  MICROSOFT.CHAP_ERROR,
  MICROSOFT.CHAP_DOMAIN,
  MICROSOFT.MPPE_ENCRYPTION_POLICY,
  MICROSOFT.MPPE_ENCRYPTION_TYPES,
]);

/** Microsoft's are shown by permission, as most of them carry keys; so is no raw Vendor-Specific attribute. */
function isSecret({ type, vendor }: Attribute): boolean {
  if (vendor === undefined) return SECRET_TYPES.has(type) || type === ATTR.VENDOR_SPECIFIC;
  if (vendor === VENDOR.MICROSOFT) return !OPEN_MICROSOFT_TYPES.has(type);
  return vendor === VENDOR.MIKROTIK && type === MIKROTIK.WIRELESS_PSK;
}

function textBytes(type: number, vendor: number | undefined, text: string): Buffer {
  const most = vendor === undefined ? MAX_VALUE : MAX_VENDOR_VALUE;
  const value = typeof text === 'string' ? Buffer.from(text, 'utf8') : undefined;
  if (value === undefined || value.length < 1 || value.length > most) {
    throw outOfRange(type, vendor, `text of 1 to ${most} bytes`);
  }
  return value;
}

function integerBytes(type: number, vendor: number | undefined, value: number): Buffer {
  if (!Number.isInteger(value) || value < 0 || value > MAX_INTEGER) {
    throw outOfRange(type, vendor, `an integer from 0 to ${MAX_INTEGER}`);
  }
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}

function ipv4Bytes(type: number, vendor: number | undefined, address: string): Buffer {
  if (!isIPv4(address)) throw outOfRange(type, vendor, 'an IPv4 address');
  return Buffer.from(address.split('.').map(Number));
}

function outOfRange(type: number, vendor: number | undefined, takes: string): RangeError {
  return new RangeError(`${loadDictionary().nameOf(type, vendor)} (${type}) takes ${takes}`);
}
