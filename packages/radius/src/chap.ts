import { timingSafeEqual } from 'node:crypto';
import { ATTR } from './attributes.js';
import { MD5_BYTES, writeMd5 } from './md5.js';
import type { RadiusPacket } from './packet.js';

/** What a CHAP peer sends: the CHAP identifier and MD5(identifier, password, challenge); RFC 1994 4.1, RFC 2865 5.3. */
export function chapPassword(input: { identifier: number; password: Buffer; challenge: Buffer }): Buffer {
  const { identifier, password, challenge } = input;
  const mixed = Buffer.allocUnsafe(1 + password.length + challenge.length);
  mixed[0] = identifier;
  mixed.set(password, 1);
  mixed.set(challenge, 1 + password.length);
  const response = Buffer.allocUnsafe(1 + MD5_BYTES);
  response[0] = identifier;
  writeMd5(mixed, response, 1);
  return response;
}

/**
 * Whether the packet's CHAP-Password was made with `password`. The challenge is CHAP-Challenge, or the request
 * authenticator where that attribute is absent (RFC 2865 5.40). False when the packet holds no CHAP-Password.
 */
export function verifyChap(packet: RadiusPacket, password: Buffer): boolean {
  const given = packet.get(ATTR.CHAP_PASSWORD);
  if (given === undefined) return false;
  const challenge = packet.get(ATTR.CHAP_CHALLENGE) ?? packet.authenticator;
  return timingSafeEqual(given, chapPassword({ identifier: given.readUInt8(0), password, challenge }));
}
