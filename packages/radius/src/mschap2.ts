import { createCipheriv, hash, timingSafeEqual } from 'node:crypto';
import { ATTR, MICROSOFT, VENDOR } from './attributes.js';
import type { RadiusPacket } from './packet.js';
import { md4 } from './md4.js';

/** The MS-CHAP2-Response of a packet with what it was made from (RFC 2548 2.3.2). */
export interface MsChap2Attempt {
  readonly username: Buffer;
  readonly authenticatorChallenge: Buffer;
  readonly peerChallenge: Buffer;
  /** MS-CHAP identifier, repeated in the answer. */
  readonly identifier: number;
  readonly ntResponse: Buffer;
}

/** Undefined when the packet holds no response, or one of a wrong size. */
export function msChap2Attempt(packet: RadiusPacket): MsChap2Attempt | undefined {
  const response = packet.vendor(VENDOR.MICROSOFT, MICROSOFT.CHAP2_RESPONSE);
  const authenticatorChallenge = packet.vendor(VENDOR.MICROSOFT, MICROSOFT.CHAP_CHALLENGE);
  const username = packet.get(ATTR.USER_NAME);
  if (response === undefined || authenticatorChallenge === undefined || username === undefined) return undefined;
  if (response.length !== 50 || authenticatorChallenge.length !== 16) return undefined;
  // Identifier 1, flags 1, peer challenge 16, reserved 8, NT response 24.
  return {
    username,
    authenticatorChallenge,
    peerChallenge: response.subarray(2, 18),
    identifier: response.readUInt8(0),
    ntResponse: response.subarray(26, 50),
  };
}

export interface MsChap2Proof {
  /** Value of MS-CHAP2-Success, without which the client hangs up (RFC 2548 2.3.3). */
  readonly success: Buffer;
  /** What MPPE keys are made from. */
  readonly passwordHashHash: Buffer;
}

/** Undefined when the response was not made with this password. RouterOS uses MS-CHAPv2 for PPP where both sides allow it. */
export function verifyMsChap2(attempt: MsChap2Attempt, password: string): MsChap2Proof | undefined {
  const made = expectedResponse({ ...attempt, password });
  if (!timingSafeEqual(made.ntResponse, attempt.ntResponse)) return undefined;
  const passwordHashHash = md4(made.ntHash);
  const success = Buffer.allocUnsafe(1 + SUCCESS_TEXT);
  success.writeUInt8(attempt.identifier, 0);
  success.write(authenticatorResponse(passwordHashHash, made), 1, 'latin1');
  return { success, passwordHashHash };
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
  const made = expectedResponse(input);
  return { ntResponse: made.ntResponse, authenticatorResponse: authenticatorResponse(md4(made.ntHash), made) };
}

/** `S=` and 40 hexadecimal digits. */
const SUCCESS_TEXT = 42;
const CHALLENGE_BYTES = 8;

interface Made {
  readonly challenge: Buffer;
  readonly ntHash: Buffer;
  readonly ntResponse: Buffer;
}

function expectedResponse(input: MsChap2Input): Made {
  const { peerChallenge, authenticatorChallenge, username, password } = input;
  const said = Buffer.concat([peerChallenge, authenticatorChallenge, withoutDomain(username)]);
  const challenge = hash('sha1', said, 'buffer').subarray(0, CHALLENGE_BYTES);
  const ntHash = md4(Buffer.from(password, 'utf16le'));
  return { challenge, ntHash, ntResponse: challengeResponse(challenge, ntHash) };
}

/** RFC 2759 8.7; costs as much as the check, so it is asked only after that. */
function authenticatorResponse(passwordHashHash: Buffer, { ntResponse, challenge }: Made): string {
  const digest = hash('sha1', Buffer.concat([passwordHashHash, ntResponse, MAGIC_1]), 'buffer');
  return `S=${hash('sha1', Buffer.concat([digest, challenge, MAGIC_2]), 'hex').toUpperCase()}`;
}

/** Constants of RFC 2759 8.7. */
const MAGIC_1 = Buffer.from('Magic server to client signing constant', 'latin1');
const MAGIC_2 = Buffer.from('Pad to make it do more than one iteration', 'latin1');

/** RFC 2759 4: a Windows client may say `DOMAIN\name`; only the name is hashed. */
function withoutDomain(username: Buffer): Buffer {
  return username.subarray(username.lastIndexOf(0x5c) + 1);
}

/** RFC 2759 8.5: the challenge encrypted under three keys cut from the hash and padded with zeros. */
function challengeResponse(challenge: Buffer, ntHash: Buffer): Buffer {
  const keys = Buffer.alloc(21);
  ntHash.copy(keys);
  return Buffer.concat([
    desEncrypt(keys, 0, challenge),
    desEncrypt(keys, 7, challenge),
    desEncrypt(keys, 14, challenge),
  ]);
}

// Single DES is gone from OpenSSL's default provider; triple DES with one key three times is the same.
function desEncrypt(keys: Buffer, at: number, block: Buffer): Buffer {
  const tripled = Buffer.allocUnsafe(24);
  spreadKey(keys, at, tripled);
  tripled.copy(tripled, 8, 0, 8);
  tripled.copy(tripled, 16, 0, 8);
  const cipher = createCipheriv('des-ede3-ecb', tripled, null);
  cipher.setAutoPadding(false);
  return cipher.update(block);
}

/** 56 bits as eight bytes of seven bits each, parity bits unset. */
function spreadKey(keys: Buffer, at: number, into: Buffer): void {
  for (let index = 0; index < 8; index += 1) {
    const left = index === 0 ? 0 : (keys[at + index - 1] ?? 0) << (8 - index);
    const right = index === 7 ? 0 : (keys[at + index] ?? 0) >> index;
    into[index] = (left | right) & 0xfe;
  }
}
