import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ATTR, MICROSOFT, VENDOR, answers, isAccessReply, type Attribute } from './attributes.js';
import {
  authenticatorStyle,
  hasMessageAuthenticator,
  messageAuthenticator,
  requestAuthenticator,
  responseAuthenticator,
} from './authenticators.js';
import { loadDictionary } from './dictionary.js';
import { HEADER_BYTES, MAX_PACKET_BYTES, parsePacket, type ParseFailure, type RadiusPacket } from './packet.js';
import { hidePassword } from './user-password.js';

const MAX_VALUE = 253;
const MAX_VENDOR_VALUE = 247;
const SIGNATURE_BYTES = 18;
const ZERO = Buffer.alloc(16);

/**
 * Encodes and signs a reply: Message-Authenticator first in every Access-* reply (CVE-2024-3596), then `attributes` in
 * their order, then the request's Proxy-States in theirs (RFC 2865 5.33). Throws RangeError when `code` cannot answer
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
  const proxyStates = request.getAll(ATTR.PROXY_STATE);
  const size = proxyStates.reduce((sum, state) => sum + 2 + state.length, sizeOf(attributes, signed));
  const out = startPacket(code, request.identifier, size);
  const requestAuth = request.authenticator;
  let at = writeAttributes(out, attributes, signed);
  for (const state of proxyStates) at = writeHeaded(out, at, ATTR.PROXY_STATE, state);
  if (signed) sign(out, requestAuth, secret);
  responseAuthenticator(out, requestAuth, secret).copy(out, 4);
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
  const datagram = startPacket(code, identifier, sizeOf(attributes, signed));
  writeAttributes(datagram, attributes, signed);
  if (signed) sign(datagram, nonce, secret);
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

function startPacket(code: number, identifier: number, size: number): Buffer {
  if (size > MAX_PACKET_BYTES) throw new RangeError(`a packet of ${size} bytes passes ${MAX_PACKET_BYTES}`);
  const out = Buffer.allocUnsafe(size);
  out.writeUInt8(code, 0);
  out.writeUInt8(identifier, 1);
  out.writeUInt16BE(size, 2);
  return out.fill(0, 4, HEADER_BYTES);
}

/** Size of a packet of these attributes; refuses the ones that cannot be sent. */
function sizeOf(attributes: readonly Attribute[], signed: boolean): number {
  let size = HEADER_BYTES + (signed ? SIGNATURE_BYTES : 0);
  for (const attribute of attributes) {
    checkAttribute(attribute);
    size += attribute.value.length + (attribute.vendor === undefined ? 2 : 8);
  }
  return size;
}

function checkAttribute({ type, value, vendor }: Attribute): void {
  const most = vendor === undefined ? MAX_VALUE : MAX_VENDOR_VALUE;
  if (value.length > most) throw new RangeError(`${label(type, vendor)} takes at most ${most} bytes`);
  if (!Number.isInteger(type) || type < 1 || type > 255) throw new RangeError(`${type} is no attribute number`);
  if (vendor === undefined && (type === ATTR.MESSAGE_AUTHENTICATOR || type === ATTR.PROXY_STATE)) {
    throw new RangeError(`${label(type, vendor)} is set by the encoder`);
  }
  if (needsSalt(type, vendor)) throw new RangeError(`${label(type, vendor)} would be sent in clear text`);
}

/** Attributes that must be salt-encrypted (RFC 2868 3.5, RFC 2548 2.4), which this encoder does not do. */
function needsSalt(type: number, vendor: number | undefined): boolean {
  if (vendor === undefined) return type === ATTR.TUNNEL_PASSWORD;
  return vendor === VENDOR.MICROSOFT && (type === MICROSOFT.MPPE_SEND_KEY || type === MICROSOFT.MPPE_RECV_KEY);
}

function writeAttributes(out: Buffer, attributes: readonly Attribute[], signed: boolean): number {
  let at = signed ? writeHeaded(out, HEADER_BYTES, ATTR.MESSAGE_AUTHENTICATOR, ZERO) : HEADER_BYTES;
  for (const { type, value, vendor } of attributes) {
    if (vendor !== undefined) {
      out.writeUInt8(ATTR.VENDOR_SPECIFIC, at);
      out.writeUInt8(value.length + 8, at + 1);
      out.writeUInt32BE(vendor, at + 2);
      at += 6;
    }
    at = writeHeaded(out, at, type, value);
  }
  return at;
}

function writeHeaded(out: Buffer, at: number, type: number, value: Buffer): number {
  out.writeUInt8(type, at);
  out.writeUInt8(value.length + 2, at + 1);
  value.copy(out, at + 2);
  return at + 2 + value.length;
}

/** Fills in the Message-Authenticator, which `writeAttributes` put first. */
function sign(out: Buffer, authenticator: Buffer, secret: Buffer): void {
  messageAuthenticator(out, HEADER_BYTES, authenticator, secret).copy(out, HEADER_BYTES + 2);
}

function label(type: number, vendor: number | undefined): string {
  return `${loadDictionary().nameOf(type, vendor)} (${type})`;
}
