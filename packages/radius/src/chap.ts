import { createHash, timingSafeEqual } from 'node:crypto';
import { ATTR } from './attributes.js';
import type { RadiusPacket } from './packet.js';

/** What a CHAP peer sends: the CHAP identifier and MD5(identifier, password, challenge); RFC 1994 4.1, RFC 2865 5.3. */
export function chapPassword(input: { identifier: number; password: Buffer; challenge: Buffer }): Buffer {
  const identifier = Buffer.from([input.identifier]);
  const digest = createHash('md5').update(identifier).update(input.password).update(input.challenge).digest();
  return Buffer.concat([identifier, digest]);
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
