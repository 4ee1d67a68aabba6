import { isUtf8 } from 'node:buffer';
import { fromGigawords } from '@turnpike/core/octets.js';
import { FIXED_SIZE, KNOWN_CODES, VENDOR_RULES, singleIn, type VendorRules } from './attribute-rules.js';
import { ATTR, CODE, type Attribute } from './attributes.js';

/** Bytes before the first attribute: code, identifier, length, authenticator (RFC 2865 3). */
export const HEADER_BYTES = 20;
export const MAX_PACKET_BYTES = 4096;

// A packet of 2-byte attributes could hold 2,038; no NAS sends more than a few dozen and every look-up walks the list.
const MAX_ATTRIBUTES = 200;

export const PARSE_FAILURES = [
  'too-short',
  'bad-length',
  'unknown-code',
  'truncated-attribute',
  'attribute-overrun',
  'bad-attribute-size',
  'bad-vendor-attribute',
  'duplicate-attribute',
  'conflicting-credentials',
  'too-many-attributes',
] as const;

/** Why bytes are not a RADIUS packet; a closed set, fit for a metric label. */
export type ParseFailure = (typeof PARSE_FAILURES)[number];

export type ParseResult = { ok: true; packet: RadiusPacket } | { ok: false; reason: ParseFailure };

/** A packet that passed the walk of `parsePacket`, which is the only way to get one. Says nothing about who sent it. */
export type RadiusPacket = WalkedPacket;

/**
 * Walks a datagram strictly; never throws. Bytes behind the Length field are padding and ignored (RFC 2865 3).
 * The packet keeps a view of `datagram`: do not reuse the buffer.
 */
export function parsePacket(datagram: Buffer): ParseResult {
  if (datagram.length < HEADER_BYTES) return { ok: false, reason: 'too-short' };
  const length = datagram.readUInt16BE(2);
  if (length < HEADER_BYTES || length > MAX_PACKET_BYTES || length > datagram.length) {
    return { ok: false, reason: 'bad-length' };
  }
  if (!KNOWN_CODES.has(byteAt(datagram, 0))) return { ok: false, reason: 'unknown-code' };
  const raw = length === datagram.length ? datagram : datagram.subarray(0, length);
  const reason = walk(raw);
  return reason === undefined ? { ok: true, packet: new WalkedPacket(raw) } : { ok: false, reason };
}

/** Attributes are found by walking the bytes again: a packet holds a dozen, so an index would cost more than it saves. */
class WalkedPacket {
  readonly code: number;
  readonly identifier: number;
  /** The whole packet without padding. Not to be written to. */
  readonly raw: Buffer;

  constructor(raw: Buffer) {
    this.raw = raw;
    this.code = byteAt(raw, 0);
    this.identifier = byteAt(raw, 1);
  }

  /** Request or response authenticator, 16 bytes. */
  get authenticator(): Buffer {
    return this.raw.subarray(4, HEADER_BYTES);
  }

  /** Offset in `raw` of the first attribute of this type at or after `from` (an attribute's offset), or -1. */
  offsetOf(type: number, from: number = HEADER_BYTES): number {
    const { raw } = this;
    for (let at = from; at < raw.length; at += byteAt(raw, at + 1)) if (byteAt(raw, at) === type) return at;
    return -1;
  }

  has(type: number): boolean {
    return this.offsetOf(type) !== -1;
  }

  /** Bytes of the first attribute of this type. For identities and keys use these, not `text`. */
  get(type: number): Buffer | undefined {
    const at = this.offsetOf(type);
    return at === -1 ? undefined : valueAt(this.raw, at);
  }

  /** Bytes of every attribute of this type, in order. */
  getAll(type: number): Buffer[] {
    const values: Buffer[] = [];
    for (let at = this.offsetOf(type); at !== -1; at = this.offsetOf(type, at + byteAt(this.raw, at + 1))) {
      values.push(valueAt(this.raw, at));
    }
    return values;
  }

  /** The value when exactly one attribute of this type is there; for attributes that may repeat but that we send once. */
  only(type: number): Buffer | undefined {
    const values = this.getAll(type);
    return values.length === 1 ? values[0] : undefined;
  }

  /** Bytes of the first sub-attribute of a vendor. */
  vendor(vendorId: number, type: number): Buffer | undefined {
    const { raw } = this;
    for (let at = this.offsetOf(ATTR.VENDOR_SPECIFIC); at !== -1;) {
      const end = at + byteAt(raw, at + 1);
      if (raw.readUInt32BE(at + 2) === vendorId && (VENDOR_RULES.has(vendorId) || isTlvList(raw, at + 6, end))) {
        for (let inner = at + 6; inner < end; inner += byteAt(raw, inner + 1)) {
          if (byteAt(raw, inner) === type) return valueAt(raw, inner);
        }
      }
      at = this.offsetOf(ATTR.VENDOR_SPECIFIC, end);
    }
    return undefined;
  }

  /**
   * The value as text: UTF-8 where it is valid, else latin1. For people and logs; two different values may read alike,
   * so compare and key by `get`.
   */
  text(type: number): string | undefined {
    const value = this.get(type);
    return value === undefined ? undefined : textOf(value);
  }

  /** Unsigned 32-bit value; undefined where the attribute is absent or not 4 bytes. */
  integer(type: number): number | undefined {
    const at = this.offsetOf(type);
    return at === -1 || byteAt(this.raw, at + 1) !== 6 ? undefined : this.raw.readUInt32BE(at + 2);
  }

  /** Dotted address; undefined where the attribute is absent or not 4 bytes. */
  ipv4(type: number): string | undefined {
    const at = this.offsetOf(type);
    if (at === -1 || byteAt(this.raw, at + 1) !== 6) return undefined;
    const { raw } = this;
    return `${byteAt(raw, at + 2)}.${byteAt(raw, at + 3)}.${byteAt(raw, at + 4)}.${byteAt(raw, at + 5)}`;
  }

  /** A counter of two attributes (RFC 2869 5.1, 5.2); an absent half counts 0. */
  octets64(octetsType: number, gigawordsType: number): bigint {
    return fromGigawords(this.integer(octetsType) ?? 0, this.integer(gigawordsType) ?? 0);
  }

  /** Every attribute in order. A Vendor-Specific one is unfolded into its sub-attributes where it is a clean list. */
  *attributes(): Generator<Attribute> {
    const { raw } = this;
    for (let at = HEADER_BYTES; at < raw.length; at += byteAt(raw, at + 1)) {
      const type = byteAt(raw, at);
      const end = at + byteAt(raw, at + 1);
      if (type !== ATTR.VENDOR_SPECIFIC || !isTlvList(raw, at + 6, end)) {
        yield { type, value: valueAt(raw, at) };
        continue;
      }
      const vendor = raw.readUInt32BE(at + 2);
      for (let inner = at + 6; inner < end; inner += byteAt(raw, inner + 1)) {
        yield { vendor, type: byteAt(raw, inner), value: valueAt(raw, inner) };
      }
    }
  }
}

/** Bytes as text: UTF-8 where valid, else latin1. */
export function textOf(value: Buffer): string {
  return isUtf8(value) ? value.toString('utf8') : value.toString('latin1');
}

// Every caller stays inside the buffer; an index beyond it reads 0, which every walk takes for a broken length.
function byteAt(raw: Buffer, at: number): number {
  return raw[at] ?? 0;
}

function valueAt(raw: Buffer, at: number): Buffer {
  return raw.subarray(at + 2, at + byteAt(raw, at + 1));
}

// 1 at every attribute number met in the packet being walked; then the same for each vendor whose attributes are walked.
const SEEN = new Uint8Array(256);
const SEEN_OF_VENDORS = new Map(
  [...VENDOR_RULES].map(([vendorId, rules]) => [vendorId, { rules, seen: new Uint8Array(256) }]),
);

function walk(raw: Buffer): ParseFailure | undefined {
  SEEN.fill(0);
  const code = byteAt(raw, 0);
  const single = singleIn(code);
  let count = 0;
  for (let at = HEADER_BYTES; at < raw.length;) {
    if (raw.length - at < 2) return 'truncated-attribute';
    const type = byteAt(raw, at);
    const length = byteAt(raw, at + 1);
    // Numbers begin at 1.
    if (type === 0 || length < 2 || at + length > raw.length) return 'attribute-overrun';
    count += 1;
    if (count > MAX_ATTRIBUTES) return 'too-many-attributes';
    if (single[type] === 1 && SEEN[type] === 1) return 'duplicate-attribute';
    SEEN[type] = 1;
    if (!isSizeRight(type, length - 2)) return 'bad-attribute-size';
    at += length;
  }
  // RFC 2865 4.1, RFC 2869 5.19 note 1: an Access-Request holds one kind of credentials.
  if (code === CODE.ACCESS_REQUEST && credentialKinds() > 1) return 'conflicting-credentials';
  return SEEN[ATTR.VENDOR_SPECIFIC] === 1 ? walkVendors(raw) : undefined;
}

/** Kinds of credentials met by the walk: User-Password, CHAP-Password, ARAP-Password (70), EAP-Message. */
function credentialKinds(): number {
  return seenOf(ATTR.USER_PASSWORD) + seenOf(ATTR.CHAP_PASSWORD) + seenOf(70) + seenOf(ATTR.EAP_MESSAGE);
}

function seenOf(type: number): number {
  return SEEN[type] ?? 0;
}

function isSizeRight(type: number, size: number): boolean {
  const fixed = FIXED_SIZE[type] ?? 0;
  if (fixed !== 0) return size === fixed;
  // RFC 2865 5.2
  if (type === ATTR.USER_PASSWORD) return size >= 16 && size <= 128 && size % 16 === 0;
  // RFC 2865 5.26: four bytes of vendor id and at least one more.
  if (type === ATTR.VENDOR_SPECIFIC) return size >= 5;
  // RFC 2865 5.40, RFC 2868 3.5
  if (type === ATTR.CHAP_CHALLENGE) return size >= 5;
  if (type === ATTR.TUNNEL_PASSWORD) return size >= 3;
  // Framed-IPv6-Prefix and Delegated-IPv6-Prefix (RFC 3162 2.3, RFC 4818 3)
  if (type === 97 || type === 123) return size >= 2 && size <= 18;
  return true;
}

function walkVendors(raw: Buffer): ParseFailure | undefined {
  for (const { seen } of SEEN_OF_VENDORS.values()) seen.fill(0);
  for (let at = HEADER_BYTES; at < raw.length; at += byteAt(raw, at + 1)) {
    if (byteAt(raw, at) !== ATTR.VENDOR_SPECIFIC) continue;
    const vendor = SEEN_OF_VENDORS.get(raw.readUInt32BE(at + 2));
    if (vendor === undefined) continue;
    const failure = walkVendor(raw, at + 6, at + byteAt(raw, at + 1), vendor.rules, vendor.seen);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function walkVendor(
  raw: Buffer,
  from: number,
  end: number,
  rules: VendorRules,
  seen: Uint8Array,
): ParseFailure | undefined {
  for (let at = from; at < end;) {
    const type = byteAt(raw, at);
    const length = end - at < 2 ? 0 : byteAt(raw, at + 1);
    if (length < 2 || at + length > end) return 'bad-vendor-attribute';
    const fixed = rules.fixedSize[type] ?? 0;
    if (fixed !== 0 && length - 2 !== fixed) return 'bad-attribute-size';
    if (rules.single[type] === 1 && seen[type] === 1) return 'duplicate-attribute';
    seen[type] = 1;
    at += length;
  }
  return undefined;
}

function isTlvList(raw: Buffer, from: number, end: number): boolean {
  let at = from;
  while (end - at >= 2 && byteAt(raw, at + 1) >= 2) at += byteAt(raw, at + 1);
  return at === end;
}
