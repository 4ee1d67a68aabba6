import { ATTR } from '@turnpike/radius/attributes.js';
import type { Signer } from './one-shot.js';

const HEADER_BYTES = 20;
const AUTHENTICATOR_AT = 4;
const ZERO = '\0'.repeat(16);

/**
 * Whether `reply` was made by one who knows the secret, for the request that starts at `requestAt` of `request`
 * (RFC 2865 3), and where it is signed, whether that is right too (RFC 3579 3.2).
 */
export function isGenuine(reply: Buffer, request: Buffer, requestAt: number, signer: Signer): boolean {
  const length = reply.length < HEADER_BYTES ? 0 : reply.readUInt16BE(2);
  if (length < HEADER_BYTES || length > reply.length) return false;
  const { scratch } = signer;
  reply.copy(scratch, 0, 0, length);
  request.copy(scratch, AUTHENTICATOR_AT, requestAt + AUTHENTICATOR_AT, requestAt + HEADER_BYTES);
  if (!equals(signer.digest(length), reply, AUTHENTICATOR_AT)) return false;
  const signedAt = valueAt(reply, length, ATTR.MESSAGE_AUTHENTICATOR);
  if (signedAt === -1) return true;
  scratch.write(ZERO, signedAt, 'latin1');
  return equals(signer.hmac(length), reply, signedAt);
}

/** Whether the first attribute is Message-Authenticator, as it has to be in every answer to an Access-Request. */
export function isSignedFirst(reply: Buffer): boolean {
  return reply[HEADER_BYTES] === ATTR.MESSAGE_AUTHENTICATOR;
}

/** Offset of the value of the first attribute of this type; -1: none, or the packet is no sound one. */
export function valueAt(packet: Buffer, length: number, type: number): number {
  for (let at = HEADER_BYTES; at + 2 <= length;) {
    const size = packet[at + 1] ?? 0;
    if (size < 2 || at + size > length) return -1;
    if (packet[at] === type) return at + 2;
    at += size;
  }
  return -1;
}

/** A copy of the first attribute of this type. */
export function copyOf(packet: Buffer, type: number): Buffer | undefined {
  const at = valueAt(packet, packet.readUInt16BE(2), type);
  return at === -1 ? undefined : Buffer.from(packet.subarray(at, at - 2 + (packet[at - 1] ?? 2)));
}

function equals(digest: string, packet: Buffer, at: number): boolean {
  for (let i = 0; i < 16; i += 1) if (digest.charCodeAt(i) !== packet[at + i]) return false;
  return true;
}
