import { hash } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 16;
const MAX_PACKET = 4096;

/** HMAC (RFC 2104) and plain digests of MD5 in one call into OpenSSL each: hash objects cost three times as much. */
export interface Signer {
  /** MD5 of the first `length` bytes of `scratch` followed by the secret, as 16 latin1 characters. */
  digest(length: number): string;
  /** HMAC-MD5 of the first `length` bytes of `scratch` under the secret, as 16 latin1 characters. */
  hmac(length: number): string;
  /** MD5 of the secret followed by 16 bytes of `from`: the pad of User-Password (RFC 2865 5.2). */
  pad(from: Buffer, at: number): string;
  /** Where the packet to be signed is put. */
  readonly scratch: Buffer;
}

export function createSigner(secret: Buffer): Signer {
  const key = secret.length > BLOCK ? Buffer.from(hash('md5', secret, 'hex'), 'hex') : secret;
  const inner = Buffer.alloc(BLOCK + MAX_PACKET + secret.length, 0x36);
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);
  key.forEach((byte, at) => {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  });
  const scratch = inner.subarray(BLOCK);
  const padded = Buffer.concat([secret, Buffer.alloc(DIGEST)]);
  const plainViews = viewsOf(scratch);
  const innerViews = viewsOf(inner);

  return {
    scratch,
    digest(length) {
      secret.copy(scratch, length);
      return hash('md5', plainViews(length + secret.length), 'binary');
    },
    hmac(length) {
      outer.write(hash('md5', innerViews(BLOCK + length), 'binary'), BLOCK, 'binary');
      return hash('md5', outer, 'binary');
    },
    pad(from, at) {
      from.copy(padded, secret.length, at, at + DIGEST);
      return hash('md5', padded, 'binary');
    },
  };
}

/** The first `length` bytes of a buffer, one view a length for good: a view costs as much as half a digest. */
function viewsOf(buffer: Buffer): (length: number) => Buffer {
  const views = new Map<number, Buffer>();
  return (length) => {
    const known = views.get(length);
    if (known !== undefined) return known;
    const view = buffer.subarray(0, length);
    views.set(length, view);
    return view;
  };
}
