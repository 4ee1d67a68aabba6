import { hash } from 'node:crypto';

const BLOCK = 16;
const SALT_BYTES = 2;
/** The longest key whose hidden form fits a Microsoft sub-attribute of 247 bytes. */
export const MAX_SALTED_KEY_BYTES = 239;

/** Bytes that `hideSaltedKey` makes of a key: the salt, then its length and the key itself in blocks of 16. */
export function saltedKeySize(keyBytes: number): number {
  return SALT_BYTES + Math.ceil((keyBytes + 1) / BLOCK) * BLOCK;
}

/**
 * Hides a key as MS-MPPE-Send-Key and MS-MPPE-Recv-Key are sent (RFC 2548 2.4.2). `salt` is 16 bits with the top one
 * set, another for each attribute of a packet; `authenticator` is the request's. Throws RangeError on a key of more than
 * 239 bytes or another salt.
 */
export function hideSaltedKey(key: Buffer, salt: number, authenticator: Buffer, secret: Buffer): Buffer {
  if (key.length > MAX_SALTED_KEY_BYTES) throw new RangeError(`a key takes at most ${MAX_SALTED_KEY_BYTES} bytes`);
  if (!Number.isInteger(salt) || salt < 0x8000 || salt > 0xffff) throw new RangeError(`${salt} is no salt`);
  const hidden = Buffer.alloc(saltedKeySize(key.length));
  hidden.writeUInt16BE(salt, 0);
  hidden.writeUInt8(key.length, SALT_BYTES);
  key.copy(hidden, SALT_BYTES + 1);
  let mask = firstMask(hidden, authenticator, secret);
  for (let at = SALT_BYTES; at < hidden.length; at += BLOCK) {
    xorBlock(hidden, at, mask);
    mask = hash('md5', Buffer.concat([secret, hidden.subarray(at, at + BLOCK)]), 'buffer');
  }
  return hidden;
}

/**
 * The key behind `hidden`, the value of the attribute as received. Undefined where it was not made that way; with a
 * wrong secret or authenticator also noise.
 */
export function revealSaltedKey(hidden: Buffer, authenticator: Buffer, secret: Buffer): Buffer | undefined {
  const bytes = hidden.length - SALT_BYTES;
  if (bytes < BLOCK || bytes % BLOCK !== 0 || hidden.readUInt16BE(0) < 0x8000) return undefined;
  const clear = Buffer.from(hidden);
  let mask = firstMask(hidden, authenticator, secret);
  for (let at = SALT_BYTES; at < clear.length; at += BLOCK) {
    xorBlock(clear, at, mask);
    mask = hash('md5', Buffer.concat([secret, hidden.subarray(at, at + BLOCK)]), 'buffer');
  }
  const end = SALT_BYTES + 1 + clear.readUInt8(SALT_BYTES);
  return end > clear.length ? undefined : clear.subarray(SALT_BYTES + 1, end);
}

function firstMask(hidden: Buffer, authenticator: Buffer, secret: Buffer): Buffer {
  return hash('md5', Buffer.concat([secret, authenticator, hidden.subarray(0, SALT_BYTES)]), 'buffer');
}

function xorBlock(target: Buffer, at: number, mask: Buffer): void {
  for (let i = 0; i < BLOCK; i += 1) target[at + i] = (target[at + i] ?? 0) ^ (mask[i] ?? 0);
}
