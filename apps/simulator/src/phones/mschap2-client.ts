import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { MICROSOFT, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import { revealSaltedKey } from '@turnpike/radius/salted-key.js';
import { vendorBytesAttr } from '@turnpike/radius/value-codec.js';
import { md4 } from './md4.js';

/** One MS-CHAPv2 login as the client of it sees it, written from RFC 2759 and RFC 3079 and nothing of the server's. */
export interface MsChap2Login {
  /** MS-CHAP-Challenge and MS-CHAP2-Response (RFC 2548 2.3.1, 2.3.2). */
  readonly attributes: readonly Attribute[];
  /** Why a peer that checks would hang up in spite of the Accept; undefined when everything fits. */
  objection(accept: AcceptedRequest): string | undefined;
}

export interface AcceptedRequest {
  readonly packet: RadiusPacket;
  /** Of the request that was accepted, with the secret it was made with. */
  readonly authenticator: Buffer;
  readonly secret: Buffer;
  /** MPPE is used, so keys must be there. */
  readonly encrypted: boolean;
}

const NAME_DOMAIN = /^.*\\/s;

const sha1 = (...parts: readonly (Buffer | string)[]): Buffer => {
  const digest = createHash('sha1');
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** Answers a challenge of the NAS; the NAS and the phone are one here. */
export function msChap2Login(username: string, password: string): MsChap2Login {
  const authenticatorChallenge = randomBytes(16);
  const peerChallenge = randomBytes(16);
  const identifier = randomBytes(1);
  const challenge = sha1(peerChallenge, authenticatorChallenge, username.replace(NAME_DOMAIN, '')).subarray(0, 8);
  const ntHash = md4(Buffer.from(password, 'utf16le'));
  const ntResponse = encryptThrice(challenge, ntHash);
  const response = Buffer.concat([identifier, Buffer.alloc(1), peerChallenge, Buffer.alloc(8), ntResponse]);
  return {
    attributes: [
      vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP_CHALLENGE, authenticatorChallenge),
      vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP2_RESPONSE, response),
    ],
    objection: (accept) => {
      const success = accept.packet.vendor(VENDOR.MICROSOFT, MICROSOFT.CHAP2_SUCCESS);
      if (success === undefined) return 'the server did not prove that it knows the password';
      const wanted = Buffer.concat([identifier, Buffer.from(successText(ntHash, ntResponse, challenge))]);
      if (!success.subarray(0, wanted.length).equals(wanted)) return 'the server does not know the password';
      return keyObjection(accept, md4(ntHash), ntResponse);
    },
  };
}

/** RFC 2759 8.7. */
function successText(ntHash: Buffer, ntResponse: Buffer, challenge: Buffer): string {
  const digest = sha1(md4(ntHash), ntResponse, 'Magic server to client signing constant');
  const text = sha1(digest, challenge, 'Pad to make it do more than one iteration');
  return `S=${text.toString('hex').toUpperCase()}`;
}

function keyObjection(
  { packet, authenticator, secret, encrypted }: AcceptedRequest,
  hashHash: Buffer,
  ntResponse: Buffer,
): string | undefined {
  const keys = [MICROSOFT.MPPE_SEND_KEY, MICROSOFT.MPPE_RECV_KEY].map((type) => packet.vendor(VENDOR.MICROSOFT, type));
  if (keys.every((key) => key === undefined)) return encrypted ? 'encryption is wanted and no keys came' : undefined;
  const master = sha1(hashHash, ntResponse, 'This is the MPPE Master Key').subarray(0, 16);
  const wanted = [
    startKey(master, 'On the client side, this is the receive key; on the server side, it is the send key.'),
    startKey(master, 'On the client side, this is the send key; on the server side, it is the receive key.'),
  ];
  const fit = wanted.every((key, index) => {
    const hidden = keys[index];
    return hidden !== undefined && revealSaltedKey(hidden, authenticator, secret)?.equals(key) === true;
  });
  return fit ? undefined : 'the keys of the server do not fit';
}

/** RFC 3079 3.4: 128 bits. */
function startKey(master: Buffer, direction: string): Buffer {
  return sha1(master, Buffer.alloc(40), direction, Buffer.alloc(40, 0xf2)).subarray(0, 16);
}

/** RFC 2759 8.5: DES under three keys of 56 bits out of the hash and five zeros. */
function encryptThrice(challenge: Buffer, ntHash: Buffer): Buffer {
  const keys = Buffer.concat([ntHash, Buffer.alloc(5)]);
  return Buffer.concat([0, 7, 14].map((at) => des(keys.subarray(at, at + 7), challenge)));
}

// Node's OpenSSL has no single DES any more; three times the same key is the same.
function des(key56: Buffer, block: Buffer): Buffer {
  const bits = [...key56].reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const key = Buffer.from(
    Array.from({ length: 8 }, (_none, index) => Number((bits >> BigInt(49 - 7 * index)) & 0x7fn) << 1),
  );
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null);
  cipher.setAutoPadding(false);
  return cipher.update(block);
}
