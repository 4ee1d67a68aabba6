import { ATTR } from '@turnpike/radius/attributes.js';
import type { Signer } from './one-shot.js';

const HEADER_BYTES = 20;
const AUTHENTICATOR_AT = 4;
const MAX_PACKET = 4096;
const ZERO = '\0'.repeat(16);

/**
 * Builds requests in one buffer that is used again and again. A writer of its own, so that a mistake in the service's codec
 * cannot hide itself.
 */
export interface PacketWriter {
  /** Begins a request; `authenticator` absent: signed at the end (accounting). Message-Authenticator comes first. */
  begin(code: number, identifier: number, authenticator?: Buffer): void;
  bytes(type: number, value: Buffer): void;
  text(type: number, value: string): void;
  integer(type: number, value: number): void;
  /** A sub-attribute of a Vendor-Specific attribute (RFC 2865 5.26). */
  vendor(vendor: number, type: number, value: Buffer): void;
  /** User-Password hidden under the authenticator given to `begin`; at most 128 bytes (RFC 2865 5.2). */
  password(value: Buffer): void;
  /** Signs the packet and copies it; gives its length. */
  finish(into: Buffer, at: number): number;
}

export function createPacketWriter(signer: Signer): PacketWriter {
  const out = signer.scratch;
  let end = 0;
  let isRandom = false;

  function room(type: number, length: number): number {
    if (length > 253) throw new RangeError(`attribute ${type} takes at most 253 bytes`);
    if (end + 2 + length > MAX_PACKET) throw new RangeError(`a packet takes at most ${MAX_PACKET} bytes`);
    out[end] = type;
    out[end + 1] = length + 2;
    const at = end + 2;
    end = at + length;
    return at;
  }

  return {
    begin(code, identifier, authenticator) {
      out[0] = code;
      out[1] = identifier;
      isRandom = authenticator !== undefined;
      if (authenticator === undefined) out.write(ZERO, AUTHENTICATOR_AT, 'latin1');
      else authenticator.copy(out, AUTHENTICATOR_AT, 0, 16);
      end = HEADER_BYTES;
      out.write(ZERO, room(ATTR.MESSAGE_AUTHENTICATOR, 16), 'latin1');
    },
    bytes(type, value) {
      value.copy(out, room(type, value.length));
    },
    text(type, value) {
      out.write(value, room(type, Buffer.byteLength(value)), 'utf8');
    },
    integer(type, value) {
      out.writeUInt32BE(value, room(type, 4));
    },
    vendor(vendor, type, value) {
      const at = room(ATTR.VENDOR_SPECIFIC, value.length + 6);
      out.writeUInt32BE(vendor, at);
      out[at + 4] = type;
      out[at + 5] = value.length + 2;
      value.copy(out, at + 6);
    },
    password(value) {
      const blocks = Math.max(1, Math.ceil(value.length / 16));
      const at = room(ATTR.USER_PASSWORD, blocks * 16);
      out.fill(0, at, at + blocks * 16);
      value.copy(out, at);
      for (let block = 0; block < blocks; block += 1) {
        const pad = signer.pad(out, block === 0 ? AUTHENTICATOR_AT : at + (block - 1) * 16);
        for (let i = 0; i < 16; i += 1) {
          const place = at + block * 16 + i;
          out[place] = (out[place] ?? 0) ^ pad.charCodeAt(i);
        }
      }
    },
    finish(into, at) {
      out.writeUInt16BE(end, 2);
      out.write(signer.hmac(end), HEADER_BYTES + 2, 'latin1');
      // An accounting request is signed over zeros in the place of the signature (RFC 2866 3).
      if (!isRandom) out.write(signer.digest(end), AUTHENTICATOR_AT, 'latin1');
      out.copy(into, at, 0, end);
      return end;
    },
  };
}
