import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ATTR, CODE } from './attributes.js';
import { HEADER_BYTES, type RadiusPacket } from './packet.js';

const ZERO = Buffer.alloc(16);
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
export type VerifyResult = { ok: true; secret: Buffer; proven: boolean } | { ok: false; reason: VerifyFailure };

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
  for (const secret of secrets) {
    if (secret.length === 0) continue;
    if (style === 'computed' && !hasRequestAuthenticator(packet, secret)) {
      reason = 'authenticator-mismatch';
    } else if (signedAt !== -1 && !hasMessageAuthenticator(packet, signedAt, basis(packet, style), secret)) {
      reason = 'message-authenticator-mismatch';
    } else {
      return { ok: true, secret, proven: style === 'computed' || signedAt !== -1 };
    }
  }
  return { ok: false, reason };
}

/** MD5(code, identifier, length, 16 zero bytes, attributes, secret): RFC 2866 3, RFC 5176 2.3. */
export function requestAuthenticator(raw: Buffer, secret: Buffer): Buffer {
  return createHash('md5')
    .update(raw.subarray(0, AUTHENTICATOR_AT))
    .update(ZERO)
    .update(raw.subarray(HEADER_BYTES))
    .update(secret)
    .digest();
}

/** MD5(code, identifier, length, request authenticator, attributes, secret): RFC 2865 3. */
export function responseAuthenticator(raw: Buffer, requestAuthenticatorBytes: Buffer, secret: Buffer): Buffer {
  return createHash('md5')
    .update(raw.subarray(0, AUTHENTICATOR_AT))
    .update(requestAuthenticatorBytes)
    .update(raw.subarray(HEADER_BYTES))
    .update(secret)
    .digest();
}

/**
 * HMAC-MD5 over the packet with `authenticator` in the header and zeros in the attribute's value (RFC 3579 3.2).
 * `at` is the attribute's offset in `raw`. The authenticator is the request's own for Access-Request and
 * Status-Server, zeros for accounting, CoA and Disconnect requests (RFC 5176 2.3), the request's for a reply.
 */
export function messageAuthenticator(raw: Buffer, at: number, authenticator: Buffer, secret: Buffer): Buffer {
  return createHmac('md5', secret)
    .update(raw.subarray(0, AUTHENTICATOR_AT))
    .update(authenticator)
    .update(raw.subarray(HEADER_BYTES, at + 2))
    .update(ZERO)
    .update(raw.subarray(at + 18))
    .digest();
}

/** Whether the Message-Authenticator at offset `at` is the one `authenticator` and `secret` give. */
export function hasMessageAuthenticator(
  packet: RadiusPacket,
  at: number,
  authenticator: Buffer,
  secret: Buffer,
): boolean {
  const expected = messageAuthenticator(packet.raw, at, authenticator, secret);
  return timingSafeEqual(expected, packet.raw.subarray(at + 2, at + 18));
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
  return timingSafeEqual(requestAuthenticator(packet.raw, secret), packet.authenticator);
}

// Proxy-State is the prefix with which a forged reply is built (CVE-2024-3596); EAP: RFC 3579 3.1.
function mustBeSigned(packet: RadiusPacket, policy: VerifyPolicy): boolean {
  if (packet.code === CODE.STATUS_SERVER) return true;
  if (packet.has(ATTR.EAP_MESSAGE)) return true;
  if (packet.code !== CODE.ACCESS_REQUEST) return false;
  return policy.messageAuthenticator === 'required' || packet.has(ATTR.PROXY_STATE);
}
