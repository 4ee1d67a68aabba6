import { hash } from 'node:crypto';

const BLOCK = 64;

/** Bytes of an MD5 digest. */
export const MD5_BYTES = 16;

/**
 * Writes MD5(data) to `target` at `at`. One hash of bytes that lie together, handed out as text of one character a
 * byte, costs a quarter of a hash object that is fed piece by piece and gives a Buffer.
 */
export function writeMd5(data: Uint8Array, target: Buffer, at: number): void {
  target.write(hash('md5', data, 'binary'), at, 'latin1');
}

/** The secret as HMAC mixes it in (RFC 2104 2): 64 bytes before the message, 64 before the inner digest. */
export interface HmacPads {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

const padsOfSecrets = new WeakMap<Buffer, HmacPads>();

/** Pads are kept as long as the Buffer lives, so the bytes of a secret must never change. */
export function hmacPadsOf(secret: Buffer): HmacPads {
  const known = padsOfSecrets.get(secret);
  if (known !== undefined) return known;
  const pads = { inner: padOf(secret, 0x36), outer: padOf(secret, 0x5c) };
  padsOfSecrets.set(secret, pads);
  return pads;
}

function padOf(secret: Buffer, mask: number): Buffer {
  const pad = Buffer.alloc(BLOCK);
  if (secret.length > BLOCK) writeMd5(secret, pad, 0);
  else secret.copy(pad);
  for (const [at, byte] of pad.entries()) pad[at] = byte ^ mask;
  return pad;
}
