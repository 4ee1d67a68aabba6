import { timingSafeEqual } from 'node:crypto';
import { ATTR, CODE } from './attributes.js';
import { MD5_BYTES, hmacPadsOf, writeMd5 } from './md5.js';
import { MAX_PACKET_BYTES, type RadiusPacket } from './packet.js';

const ZERO = Buffer.alloc(MD5_BYTES);
const AUTHENTICATOR_AT = 4;

export interface VerifyPolicy {
  /** `optional` admits an Access-Request without Message-Authenticator unless it holds EAP-Message or Proxy-State. */
  readonly messageAuthenticator: 'required' | 'optional';
}

export const VERIFY_FAILURES = [
  'not-a-request',
  'no-secret',
  'authenticator-mismatch',
  'message-authenticator-mismatch',
  'message-authenticator-missing',
] as const;

/** Why a request is not trusted; a closed set, fit for a metric label. */
export type VerifyFailure = (typeof VERIFY_FAILURES)[number];

/**
 * `proven` tells whether the packet itself shows knowledge of `secret`. An Access-Request without
 * Message-Authenticator shows nothing: `secret` is then the first one, and a garbled password may mean a wrong secret.
 */
export type VerifyResult =
  | {
      readonly ok: true;
      readonly secret: Buffer;
      /** Which of the secrets given that is. */
      readonly secretIndex: number;
      readonly proven: boolean;
      /** It holds a valid Message-Authenticator. */
      readonly signed: boolean;
    }
  | { readonly ok: false; readonly reason: VerifyFailure };

/**
 * Finds the secret, of those valid now, with which the NAS made this request. Several are valid while one is rotated.
 * Rules: RFC 2866 3 (accounting), RFC 5176 2.3 (CoA, Disconnect), RFC 3579 3.2 (Message-Authenticator), RFC 5997 3
 * (Status-Server must be signed).
 */
export function verifyRequest(packet: RadiusPacket, secrets: readonly Buffer[], policy: VerifyPolicy): VerifyResult {
  const style = authenticatorStyle(packet.code);
  if (style === undefined) return { ok: false, reason: 'not-a-request' };
  const signedAt = packet.offsetOf(ATTR.MESSAGE_AUTHENTICATOR);
  if (signedAt === -1 && mustBeSigned(packet, policy)) return { ok: false, reason: 'message-authenticator-missing' };

  let reason: VerifyFailure = 'no-secret';
  const signed = signedAt !== -1;
  for (const [secretIndex, secret] of secrets.entries()) {
    if (secret.length === 0) continue;
    if (style === 'computed' && !hasRequestAuthenticator(packet, secret)) {
      reason = 'authenticator-mismatch';
    } else if (signed && !hasMessageAuthenticator(packet, signedAt, basis(packet, style), secret)) {
      reason = 'message-authenticator-mismatch';
    } else {
      return { ok: true, secret, secretIndex, proven: style === 'computed' || signed, signed };
    }
  }
  return { ok: false, reason };
}

/** MD5(code, identifier, length, 16 zero bytes, attributes, secret): RFC 2866 3, RFC 5176 2.3. */
export function requestAuthenticator(raw: Buffer, secret: Buffer): Buffer {
  return headerDigest(raw, ZERO, secret, Buffer.allocUnsafe(MD5_BYTES));
}

/** MD5(code, identifier, length, request authenticator, attributes, secret): RFC 2865 3. */
export function responseAuthenticator(raw: Buffer, requestAuthenticatorBytes: Buffer, secret: Buffer): Buffer {
  return headerDigest(raw, requestAuthenticatorBytes, secret, Buffer.allocUnsafe(MD5_BYTES));
}

/**
 * HMAC-MD5 over the packet with `authenticator` in the header and zeros in the attribute's value (RFC 3579 3.2).
 * `at` is the attribute's offset in `raw`. The authenticator is the request's own for Access-Request and
 * Status-Server, zeros for accounting, CoA and Disconnect requests (RFC 5176 2.3), the request's for a reply.
 */
export function messageAuthenticator(raw: Buffer, at: number, authenticator: Buffer, secret: Buffer): Buffer {
  return Buffer.from(packetHmac(raw, at, authenticator, secret));
}

/** Whether the Message-Authenticator at offset `at` is the one `authenticator` and `secret` give. */
export function hasMessageAuthenticator(
  packet: RadiusPacket,
  at: number,
  authenticator: Buffer,
  secret: Buffer,
): boolean {
  const expected = packetHmac(packet.raw, at, authenticator, secret);
  return timingSafeEqual(expected, packet.raw.subarray(at + 2, at + 2 + MD5_BYTES));
}

/**
 * Finishes a reply whose header still holds the request authenticator: fills the Message-Authenticator at offset
 * `signedAt`, which holds zeros (-1: none), then the response authenticator.
 */
export function sealReply(reply: Buffer, signedAt: number, secret: Buffer): void {
  stage(reply, secret);
  if (signedAt !== -1) {
    stagedHmac(reply.length, secret).copy(staged, PAD + signedAt + 2);
    DIGEST.copy(reply, signedAt + 2);
  }
  stagedDigest(reply.length, secret, reply, AUTHENTICATOR_AT);
}

const PAD = 64;
const SECRET_ROOM = 256;
// Where packets are put together for hashing: HMAC's pad, the packet, the secret. Nothing stays in use behind a call.
let staged = Buffer.alloc(PAD + MAX_PACKET_BYTES + SECRET_ROOM);
const OUTER = Buffer.alloc(PAD + MD5_BYTES);
const DIGEST = Buffer.alloc(MD5_BYTES);

function stage(raw: Buffer, secret: Buffer): void {
  const needed = PAD + raw.length + secret.length;
  if (needed > staged.length) staged = Buffer.alloc(needed);
  staged.set(raw, PAD);
}

/** HMAC-MD5 of the staged packet of `length` bytes; valid until the next call. */
function stagedHmac(length: number, secret: Buffer): Buffer {
  const pads = hmacPadsOf(secret);
  staged.set(pads.inner, 0);
  OUTER.set(pads.outer, 0);
  writeMd5(staged.subarray(0, PAD + length), OUTER, PAD);
  writeMd5(OUTER, DIGEST, 0);
  return DIGEST;
}

/** MD5 of the staged packet of `length` bytes and the secret, written to `target`. */
function stagedDigest(length: number, secret: Buffer, target: Buffer, at: number): void {
  staged.set(secret, PAD + length);
  writeMd5(staged.subarray(PAD, PAD + length + secret.length), target, at);
}

function packetHmac(raw: Buffer, at: number, authenticator: Buffer, secret: Buffer): Buffer {
  stage(raw, secret);
  staged.set(authenticator, PAD + AUTHENTICATOR_AT);
  staged.set(ZERO, PAD + at + 2);
  return stagedHmac(raw.length, secret);
}

function headerDigest(raw: Buffer, authenticator: Buffer, secret: Buffer, target: Buffer): Buffer {
  stage(raw, secret);
  staged.set(authenticator, PAD + AUTHENTICATOR_AT);
  stagedDigest(raw.length, secret, target, 0);
  return target;
}

/** `random`: the authenticator is a nonce; `computed`: it signs the packet; undefined: not a request. */
export function authenticatorStyle(code: number): 'random' | 'computed' | undefined {
  switch (code) {
    case CODE.ACCESS_REQUEST:
    case CODE.STATUS_SERVER:
      return 'random';
    case CODE.ACCOUNTING_REQUEST:
    case CODE.DISCONNECT_REQUEST:
    case CODE.COA_REQUEST:
      return 'computed';
    default:
      return undefined;
  }
}

/** The header authenticator over which a request's Message-Authenticator is computed. */
function basis(packet: RadiusPacket, style: 'random' | 'computed'): Buffer {
  return style === 'computed' ? ZERO : packet.authenticator;
}

function hasRequestAuthenticator(packet: RadiusPacket, secret: Buffer): boolean {
  return timingSafeEqual(headerDigest(packet.raw, ZERO, secret, DIGEST), packet.authenticator);
}

// Proxy-State is the prefix with which a forged reply is built (CVE-2024-3596); EAP: RFC 3579 3.1.
function mustBeSigned(packet: RadiusPacket, policy: VerifyPolicy): boolean {
  if (packet.code === CODE.STATUS_SERVER) return true;
  if (packet.has(ATTR.EAP_MESSAGE)) return true;
  if (packet.code !== CODE.ACCESS_REQUEST) return false;
  return policy.messageAuthenticator === 'required' || packet.has(ATTR.PROXY_STATE);
}
