import { hash } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 32;

/** HMAC-SHA-256 (RFC 2104) of short messages under one key. */
export type Hmac = (message: Buffer) => Buffer;

/**
 * Two one-shot hashes over prepared blocks: half the time of createHmac, which counts at thousands of tokens a second.
 * `key` of at most 64 bytes.
 */
export function hmacSha256(key: Buffer): Hmac {
  if (key.length > BLOCK) throw new RangeError(`a key has at most ${BLOCK} bytes`);
  const inner = padded(key, 0x36);
  const outer = Buffer.concat([padded(key, 0x5c), Buffer.alloc(DIGEST)]);
  return (message) => {
    outer.write(hash('sha256', Buffer.concat([inner, message]), 'binary'), BLOCK, 'latin1');
    return Buffer.from(hash('sha256', outer, 'binary'), 'latin1');
  };
}

function padded(key: Buffer, filler: number): Buffer {
  const block = Buffer.alloc(BLOCK, filler);
  for (let at = 0; at < key.length; at += 1) block[at] = (key[at] ?? 0) ^ filler;
  return block;
}
