import { createCipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { ATTR, MICROSOFT, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import { vendorBytesAttr } from '@turnpike/radius/value-codec.js';
import { md4 } from './md4.js';

/** `success`: the MS-CHAP2-Success without which the client hangs up (RFC 2548 2.3.3). */
export type MsChap2Result = { readonly ok: true; readonly success: Attribute } | { readonly ok: false };

/**
 * Checks the MS-CHAP2-Response of a packet (RFC 2548 2.3.2, RFC 2759 8) against a password; undefined when it holds none.
 * RouterOS uses this method for PPP wherever both sides allow it.
 */
export function verifyMsChap2(packet: RadiusPacket, password: string): MsChap2Result | undefined {
  const response = packet.vendor(VENDOR.MICROSOFT, MICROSOFT.CHAP2_RESPONSE);
  const authenticatorChallenge = packet.vendor(VENDOR.MICROSOFT, MICROSOFT.CHAP_CHALLENGE);
  const username = packet.get(ATTR.USER_NAME);
  if (response === undefined || authenticatorChallenge === undefined || username === undefined) return undefined;
  if (response.length !== 50 || authenticatorChallenge.length !== 16) return { ok: false };
  // Identifier 1, flags 1, peer challenge 16, reserved 8, NT response 24.
  const peerChallenge = response.subarray(2, 18);
  const made = msChap2({ username, password, authenticatorChallenge, peerChallenge });
  if (!timingSafeEqual(made.ntResponse, response.subarray(26, 50))) return { ok: false };
  const value = Buffer.concat([response.subarray(0, 1), Buffer.from(made.authenticatorResponse, 'latin1')]);
  return { ok: true, success: vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP2_SUCCESS, value) };
}

export interface MsChap2Input {
  /** As the client sent it. */
  readonly username: Buffer;
  readonly password: string;
  /** 16 bytes each. */
  readonly authenticatorChallenge: Buffer;
  readonly peerChallenge: Buffer;
}

/** NT-Response (24 bytes) and `S=` with the authenticator response in upper-case hexadecimal: RFC 2759 8.1 to 8.7. */
export function msChap2(input: MsChap2Input): { ntResponse: Buffer; authenticatorResponse: string } {
  const challenge = sha1(input.peerChallenge, input.authenticatorChallenge, withoutDomain(input.username)).subarray(
    0,
    8,
  );
  const ntHash = md4(Buffer.from(input.password, 'utf16le'));
  const ntResponse = challengeResponse(challenge, ntHash);
  const digest = sha1(md4(ntHash), ntResponse, MAGIC_1);
  const proof = sha1(digest, challenge, MAGIC_2);
  return { ntResponse, authenticatorResponse: `S=${proof.toString('hex').toUpperCase()}` };
}

/** Constants of RFC 2759 8.7. */
const MAGIC_1 = Buffer.from('Magic server to client signing constant', 'latin1');
const MAGIC_2 = Buffer.from('Pad to make it do more than one iteration', 'latin1');

function sha1(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** RFC 2759 4: a Windows client may say `DOMAIN\name`; only the name is hashed. */
function withoutDomain(username: Buffer): Buffer {
  return username.subarray(username.lastIndexOf(0x5c) + 1);
}

/** RFC 2759 8.5: the challenge encrypted under three keys cut from the hash. */
function challengeResponse(challenge: Buffer, ntHash: Buffer): Buffer {
  const keys = Buffer.concat([ntHash, Buffer.alloc(5)]);
  return Buffer.concat([0, 7, 14].map((at) => desEncrypt(keys.subarray(at, at + 7), challenge)));
}

// Single DES is gone from OpenSSL's default provider; triple DES with one key three times is the same.
function desEncrypt(sevenBytes: Buffer, block: Buffer): Buffer {
  const key = spreadKey(sevenBytes);
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null);
  cipher.setAutoPadding(false);
  return cipher.update(block);
}

/** 56 bits as eight bytes of seven bits each, parity bits unset. */
function spreadKey(sevenBytes: Buffer): Buffer {
  const bits = BigInt(`0x${sevenBytes.toString('hex')}`);
  return Buffer.from(Array.from({ length: 8 }, (_, index) => Number((bits >> BigInt(49 - 7 * index)) & 0x7fn) << 1));
}
