import { timingSafeEqual } from 'node:crypto';
import { MD5_BYTES, writeMd5 } from './md5.js';

const BLOCK = MD5_BYTES;
const MAX_BYTES = 128;

/** Hides a password as User-Password (RFC 2865 5.2). Throws RangeError above 128 bytes. */
export function hidePassword(password: Buffer, authenticator: Buffer, secret: Buffer): Buffer {
  if (password.length > MAX_BYTES) throw new RangeError(`User-Password (2) takes 0 to ${MAX_BYTES} bytes`);
  const hidden = Buffer.alloc(Math.max(BLOCK, Math.ceil(password.length / BLOCK) * BLOCK));
  password.copy(hidden);
  maskBlocks(hidden, hidden, authenticator, secret);
  return hidden;
}

/**
 * The bytes behind a User-Password without the NULs that pad it (RFC 2865 5.2). `hidden` comes from a parsed packet:
 * 16 to 128 bytes, a multiple of 16. With a wrong secret the result is noise, not an error.
 */
export function revealPassword(hidden: Buffer, authenticator: Buffer, secret: Buffer): Buffer {
  const clear = Buffer.from(hidden);
  maskBlocks(clear, hidden, authenticator, secret);
  let end = clear.length;
  while (end > 0 && clear[end - 1] === 0) end -= 1;
  return clear.subarray(0, end);
}

/** Compares two passwords of at most 128 bytes in a time that tells neither's length nor content. */
export function samePassword(given: Buffer, expected: Buffer): boolean {
  if (given.length > MAX_BYTES || expected.length > MAX_BYTES) return false;
  const left = LEFT.fill(0);
  const right = RIGHT.fill(0);
  left.set(given);
  right.set(expected);
  const same = timingSafeEqual(left, right);
  left.fill(0);
  right.fill(0);
  return same;
}

const LEFT = Buffer.alloc(MAX_BYTES);
const RIGHT = Buffer.alloc(MAX_BYTES);
const MASK = Buffer.alloc(BLOCK);

/**
 * Masks `bytes` block by block with MD5(secret, what `hidden` holds before the block; first the authenticator). With
 * `hidden` the very same bytes they are hidden, as each block is masked before the next one's mask is made from it.
 */
function maskBlocks(bytes: Buffer, hidden: Buffer, authenticator: Buffer, secret: Buffer): void {
  const mixed = Buffer.allocUnsafe(secret.length + BLOCK);
  mixed.set(secret);
  mixed.set(authenticator, secret.length);
  for (let at = 0; at < bytes.length; at += BLOCK) {
    writeMd5(mixed, MASK, 0);
    for (let i = 0; i < BLOCK; i += 1) bytes[at + i] = (bytes[at + i] ?? 0) ^ (MASK[i] ?? 0);
    hidden.copy(mixed, secret.length, at, at + BLOCK);
  }
}
