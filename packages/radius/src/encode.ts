import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { ATTR, CODE, MICROSOFT, VENDOR, answers, isAccessReply, type Attribute } from './attributes.js';
import {
  authenticatorStyle,
  hasMessageAuthenticator,
  messageAuthenticator,
  requestAuthenticator,
  responseAuthenticator,
  sealReply,
} from './authenticators.js';
import { loadDictionary } from './dictionary.js';
import { HEADER_BYTES, MAX_PACKET_BYTES, parsePacket, type ParseFailure, type RadiusPacket } from './packet.js';
import { hideSaltedKey } from './salted-key.js';
import { hidePassword } from './user-password.js';

const MAX_VALUE = 253;
const MAX_VENDOR_VALUE = 247;
const SIGNATURE_BYTES = 18;
// Type, length and vendor id, and the vendor's own type and length.
const VENDOR_OVERHEAD = 8;
const AUTHENTICATOR_AT = 4;
const MIN_SALT = 0x8000;
const MAX_SALT = 0xffff;
const ZERO = Buffer.alloc(16);

/**
 * Encodes and signs a reply: Message-Authenticator first in every Access-* reply (CVE-2024-3596), then `attributes` in
 * their order, then the request's Proxy-States in theirs (RFC 2865 5.33). MS-MPPE-Send-Key and MS-MPPE-Recv-Key are given
 * in the clear and hidden here, in an Access-Accept only (RFC 2548 2.4.2). Throws RangeError when `code` cannot answer
 * the request, an attribute does not fit, or the reply would pass 4096 bytes.
 */
export function encodeReply(
  request: RadiusPacket,
  code: number,
  attributes: readonly Attribute[],
  secret: Buffer,
): Buffer {
  if (!answers(code, request.code))
    throw new RangeError(`code ${code} does not answer a request of code ${request.code}`);
  const signed = isAccessReply(code);
  const sent = withHiddenKeys(attributes, request, code, secret);
  const out = startPacket(code, request.identifier, sizeOf(sent, signed) + proxyStateBytes(request));
  request.raw.copy(out, AUTHENTICATOR_AT, AUTHENTICATOR_AT, HEADER_BYTES);
  copyProxyStates(request, out, writeAttributes(out, sent, signed));
  sealReply(out, signed ? HEADER_BYTES : -1, secret);
  return out;
}

export interface RequestToEncode {
  readonly code: number;
  /** 0-255. */
  readonly identifier: number;
  readonly attributes: readonly Attribute[];
  readonly secret: Buffer;
  /** Puts a Message-Authenticator first. */
  readonly messageAuthenticator: boolean;
  /** Sent hidden as User-Password, behind the other attributes. A CHAP-Password goes in `attributes`. */
  readonly password?: Buffer;
  /** 16 unpredictable bytes of an Access-Request or Status-Server; fresh ones by default. Other codes compute theirs. */
  readonly authenticator?: Buffer;
}

/** Encodes and signs a request. Throws RangeError on a code that is no request and on what does not fit. */
export function encodeRequest(request: RequestToEncode): { datagram: Buffer; authenticator: Buffer } {
  const { code, identifier, secret, messageAuthenticator: signed } = request;
  const style = authenticatorStyle(code);
  if (style === undefined) throw new RangeError(`code ${code} is no request`);
  if (!Number.isInteger(identifier) || identifier < 0 || identifier > 255) {
    throw new RangeError(`identifier ${identifier} is not 0 to 255`);
  }
  const nonce = style === 'computed' ? ZERO : (request.authenticator ?? randomBytes(16));
  if (nonce.length !== 16) throw new RangeError('an authenticator is 16 bytes');
  const attributes =
    request.password === undefined
      ? request.attributes
      : [...request.attributes, { type: ATTR.USER_PASSWORD, value: hidePassword(request.password, nonce, secret) }];
  for (const attribute of attributes) if (isSaltedKey(attribute)) throw clearText(attribute);
  const datagram = startPacket(code, identifier, sizeOf(attributes, signed));
  datagram.fill(0, AUTHENTICATOR_AT, HEADER_BYTES);
  writeAttributes(datagram, attributes, signed);
  if (signed) messageAuthenticator(datagram, HEADER_BYTES, nonce, secret).copy(datagram, HEADER_BYTES + 2);
  const authenticator = style === 'computed' ? requestAuthenticator(datagram, secret) : nonce;
  authenticator.copy(datagram, 4);
  return { datagram, authenticator };
}

export interface SentRequest {
  readonly code: number;
  readonly identifier: number;
  readonly authenticator: Buffer;
}

export type ReplyFailure =
  | ParseFailure
  | 'wrong-identifier'
  | 'wrong-code'
  | 'authenticator-mismatch'
  | 'message-authenticator-mismatch'
  | 'message-authenticator-missing';

export type VerifyReplyResult = { ok: true; packet: RadiusPacket } | { ok: false; reason: ReplyFailure };

/**
 * Checks that `reply` answers `request` and that its sender knows `secret` (RFC 2865 3, RFC 3579 3.2). An Access-*
 * reply must hold a Message-Authenticator unless `unsignedAllowed`, for servers older than CVE-2024-3596.
 */
export function verifyReply(
  reply: Buffer,
  request: SentRequest,
  secret: Buffer,
  options: { unsignedAllowed?: boolean } = {},
): VerifyReplyResult {
  const parsed = parsePacket(reply);
  if (!parsed.ok) return parsed;
  const { packet } = parsed;
  if (packet.identifier !== request.identifier) return { ok: false, reason: 'wrong-identifier' };
  if (!answers(packet.code, request.code)) return { ok: false, reason: 'wrong-code' };
  const expected = responseAuthenticator(packet.raw, request.authenticator, secret);
  if (!timingSafeEqual(expected, packet.authenticator)) return { ok: false, reason: 'authenticator-mismatch' };
  const signedAt = packet.offsetOf(ATTR.MESSAGE_AUTHENTICATOR);
  if (signedAt === -1) {
    const needed = isAccessReply(packet.code) && options.unsignedAllowed !== true;
    return needed ? { ok: false, reason: 'message-authenticator-missing' } : parsed;
  }
  return isSignedReply(packet, signedAt, request, secret)
    ? parsed
    : { ok: false, reason: 'message-authenticator-mismatch' };
}

// FreeRADIUS computes the Message-Authenticator of accounting, CoA and Disconnect replies over a zero authenticator.
function isSignedReply(packet: RadiusPacket, at: number, request: SentRequest, secret: Buffer): boolean {
  if (hasMessageAuthenticator(packet, at, request.authenticator, secret)) return true;
  return !isAccessReply(packet.code) && hasMessageAuthenticator(packet, at, ZERO, secret);
}

/** A packet whose authenticator and attributes are still to be written. */
function startPacket(code: number, identifier: number, size: number): Buffer {
  if (size > MAX_PACKET_BYTES) throw new RangeError(`a packet of ${size} bytes passes ${MAX_PACKET_BYTES}`);
  const out = Buffer.allocUnsafe(size);
  out[0] = code;
  out[1] = identifier;
  out[2] = size >> 8;
  out[3] = size & 0xff;
  return out;
}

/** Size of a packet of these attributes; refuses the ones that cannot be sent. */
function sizeOf(attributes: readonly Attribute[], signed: boolean): number {
  let size = HEADER_BYTES + (signed ? SIGNATURE_BYTES : 0);
  for (const attribute of attributes) {
    checkAttribute(attribute);
    size += attribute.value.length + (attribute.vendor === undefined ? 2 : VENDOR_OVERHEAD);
  }
  return size;
}

function checkAttribute({ type, value, vendor }: Attribute): void {
  const most = vendor === undefined ? MAX_VALUE : MAX_VENDOR_VALUE;
  if (value.length > most) throw new RangeError(`${labelOf({ type, vendor })} takes at most ${most} bytes`);
  if (!Number.isInteger(type) || type < 1 || type > 255) throw new RangeError(`${type} is no attribute number`);
  if (vendor === undefined && (type === ATTR.MESSAGE_AUTHENTICATOR || type === ATTR.PROXY_STATE)) {
    throw new RangeError(`${labelOf({ type, vendor })} is set by the encoder`);
  }
  if (vendor === undefined && type === ATTR.TUNNEL_PASSWORD) throw clearText({ type });
}

function isSaltedKey({ type, vendor }: Attribute): boolean {
  return vendor === VENDOR.MICROSOFT && (type === MICROSOFT.MPPE_SEND_KEY || type === MICROSOFT.MPPE_RECV_KEY);
}

/** Keys as they are sent; no salt is used twice in a packet (RFC 2548 2.4.2). */
function withHiddenKeys(
  attributes: readonly Attribute[],
  request: RadiusPacket,
  code: number,
  secret: Buffer,
): readonly Attribute[] {
  if (!attributes.some(isSaltedKey)) return attributes;
  let salt = randomInt(MIN_SALT, MAX_SALT);
  return attributes.map((attribute) => {
    if (!isSaltedKey(attribute)) return attribute;
    if (code !== CODE.ACCESS_ACCEPT) throw new RangeError(`${labelOf(attribute)} belongs in an Access-Accept`);
    salt = salt === MAX_SALT ? MIN_SALT : salt + 1;
    return { ...attribute, value: hideSaltedKey(attribute.value, salt, request.authenticator, secret) };
  });
}

function writeAttributes(out: Buffer, attributes: readonly Attribute[], signed: boolean): number {
  let at = signed ? writeHeaded(out, HEADER_BYTES, ATTR.MESSAGE_AUTHENTICATOR, ZERO) : HEADER_BYTES;
  for (const { type, value, vendor } of attributes) {
    if (vendor !== undefined) {
      out[at] = ATTR.VENDOR_SPECIFIC;
      out[at + 1] = value.length + VENDOR_OVERHEAD;
      out.writeUInt32BE(vendor, at + 2);
      at += 6;
    }
    at = writeHeaded(out, at, type, value);
  }
  return at;
}

function writeHeaded(out: Buffer, at: number, type: number, value: Buffer): number {
  out[at] = type;
  out[at + 1] = value.length + 2;
  out.set(value, at + 2);
  return at + 2 + value.length;
}

function proxyStateBytes(request: RadiusPacket): number {
  let bytes = 0;
  for (let at = request.offsetOf(ATTR.PROXY_STATE); at !== -1;) {
    const size = request.raw.readUInt8(at + 1);
    bytes += size;
    at = request.offsetOf(ATTR.PROXY_STATE, at + size);
  }
  return bytes;
}

function copyProxyStates(request: RadiusPacket, out: Buffer, from: number): void {
  let end = from;
  for (let at = request.offsetOf(ATTR.PROXY_STATE); at !== -1;) {
    const size = request.raw.readUInt8(at + 1);
    end += request.raw.copy(out, end, at, at + size);
    at = request.offsetOf(ATTR.PROXY_STATE, at + size);
  }
}

function clearText(attribute: Pick<Attribute, 'type' | 'vendor'>): RangeError {
  return new RangeError(`${labelOf(attribute)} would be sent in clear text`);
}

function labelOf({ type, vendor }: Pick<Attribute, 'type' | 'vendor'>): string {
  return `${loadDictionary().nameOf(type, vendor)} (${type})`;
}
