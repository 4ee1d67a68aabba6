import { createHash, timingSafeEqual } from 'node:crypto';

const BLOCK = 16;
const MAX_BYTES = 128;

/** Hides a password as User-Password (RFC 2865 5.2). Throws RangeError above 128 bytes. */
export function hidePassword(password: Buffer, authenticator: Buffer, secret: Buffer): Buffer {
  if (password.length > MAX_BYTES) throw new RangeError(`User-Password (2) takes 0 to ${MAX_BYTES} bytes`);
  const hidden = Buffer.alloc(Math.max(BLOCK, Math.ceil(password.length / BLOCK) * BLOCK));
  password.copy(hidden);
  let previous = authenticator;
  for (let at = 0; at < hidden.length; at += BLOCK) {
    xorBlock(hidden, at, pad(secret, previous));
    previous = hidden.subarray(at, at + BLOCK);
  }
  return hidden;
}

/**
 * The bytes behind a User-Password without the NULs that pad it (RFC 2865 5.2). `hidden` comes from a parsed packet:
 * 16 to 128 bytes, a multiple of 16. With a wrong secret the result is noise, not an error.
 */
export function revealPassword(hidden: Buffer, authenticator: Buffer, secret: Buffer): Buffer {
  const clear = Buffer.from(hidden);
  let previous = authenticator;
  for (let at = 0; at < clear.length; at += BLOCK) {
    xorBlock(clear, at, pad(secret, previous));
    previous = hidden.subarray(at, at + BLOCK);
  }
  let end = clear.length;
  while (end > 0 && clear[end - 1] === 0) end -= 1;
  return clear.subarray(0, end);
}

/** Compares two passwords of at most 128 bytes in a time that tells neither's length nor content. */
export function samePassword(given: Buffer, expected: Buffer): boolean {
  if (given.length > MAX_BYTES || expected.length > MAX_BYTES) return false;
  const left = Buffer.alloc(MAX_BYTES);
  const right = Buffer.alloc(MAX_BYTES);
  given.copy(left);
  expected.copy(right);
  return timingSafeEqual(left, right);
}

function pad(secret: Buffer, previous: Buffer): Buffer {
  return createHash('md5').update(secret).update(previous).digest();
}

function xorBlock(target: Buffer, at: number, mask: Buffer): void {
  for (let i = 0; i < BLOCK; i += 1) target[at + i] = (target[at + i] ?? 0) ^ (mask[i] ?? 0);
}
