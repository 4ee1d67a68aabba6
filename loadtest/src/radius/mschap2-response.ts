import { createCipheriv, createHash } from 'node:crypto';
import { md4 } from './md4.js';

/** What a PPP client sends for MS-CHAPv2: MS-CHAP-Challenge and MS-CHAP2-Response (RFC 2548 2.3.2). */
export interface MsChap2Values {
  readonly challenge: Buffer;
  readonly response: Buffer;
}

export interface MsChap2Login {
  readonly username: string;
  readonly password: string;
  readonly identifier: number;
  /** 16 bytes each. */
  readonly authenticatorChallenge: Buffer;
  readonly peerChallenge: Buffer;
}

/** The client's side of RFC 2759 8.1 to 8.5. */
export function msChap2Response(login: MsChap2Login): MsChap2Values {
  const challenge = createHash('sha1')
    .update(login.peerChallenge)
    .update(login.authenticatorChallenge)
    .update(login.username)
    .digest()
    .subarray(0, 8);
  const keys = Buffer.concat([md4(Buffer.from(login.password, 'utf16le')), Buffer.alloc(5)]);
  const response = Buffer.alloc(50);
  response[0] = login.identifier;
  login.peerChallenge.copy(response, 2);
  for (const part of [0, 1, 2]) des(keys.subarray(part * 7, part * 7 + 7), challenge).copy(response, 26 + part * 8);
  return { challenge: login.authenticatorChallenge, response };
}

/** Triple DES with one key three times is single DES, which OpenSSL 3 has no more. */
function des(key: Buffer, block: Buffer): Buffer {
  const spread = Buffer.alloc(8);
  for (let i = 0; i < 8; i += 1) {
    const high = i === 0 ? 0 : (key[i - 1] ?? 0) << (8 - i);
    spread[i] = (high | ((key[i] ?? 0) >> i)) & 0xfe;
  }
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([spread, spread, spread]), null);
  cipher.setAutoPadding(false);
  return cipher.update(block);
}
