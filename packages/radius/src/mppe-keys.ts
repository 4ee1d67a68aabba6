import { hash } from 'node:crypto';
import { MICROSOFT, VENDOR, type Attribute } from './attributes.js';
import { vendorBytesAttr, vendorIntegerAttr } from './value-codec.js';

/** Constants of RFC 3079 3.4. */
const MASTER = Buffer.from('This is the MPPE Master Key', 'latin1');
const CLIENT_RECEIVES = Buffer.from(
  'On the client side, this is the receive key; on the server side, it is the send key.',
  'latin1',
);
const CLIENT_SENDS = Buffer.from(
  'On the client side, this is the send key; on the server side, it is the receive key.',
  'latin1',
);
const PAD_1 = Buffer.alloc(40);
const PAD_2 = Buffer.alloc(40, 0xf2);
const KEY_BYTES = 16;

/** RFC 2548 2.4.4: encryption is allowed, the two ends agree; 2.4.5: keys of 40 or 128 bits. */
const ENCRYPTION_ALLOWED = 1;
const BITS_40_OR_128 = 6;

/** What a PPP peer needs of us to encrypt with MPPE: the start keys of the NAS, 128 bits (RFC 3079 3.3, 3.4). */
export interface MppeKeys {
  readonly sendKey: Buffer;
  readonly recvKey: Buffer;
}

/** `passwordHashHash`: MD4 of the NT hash. `ntResponse`: the 24 bytes of the MS-CHAPv2 response. */
export function mppeKeys(passwordHashHash: Buffer, ntResponse: Buffer): MppeKeys {
  const master = sha1(passwordHashHash, ntResponse, MASTER).subarray(0, KEY_BYTES);
  return { sendKey: startKey(master, CLIENT_RECEIVES), recvKey: startKey(master, CLIENT_SENDS) };
}

/** Attributes of an Access-Accept; the encoder encrypts the keys (RFC 2548 2.4.2). */
export function mppeAttributes({ sendKey, recvKey }: MppeKeys): Attribute[] {
  return [
    vendorIntegerAttr(VENDOR.MICROSOFT, MICROSOFT.MPPE_ENCRYPTION_POLICY, ENCRYPTION_ALLOWED),
    vendorIntegerAttr(VENDOR.MICROSOFT, MICROSOFT.MPPE_ENCRYPTION_TYPES, BITS_40_OR_128),
    vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.MPPE_SEND_KEY, sendKey),
    vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.MPPE_RECV_KEY, recvKey),
  ];
}

function startKey(master: Buffer, direction: Buffer): Buffer {
  return sha1(master, PAD_1, direction, PAD_2).subarray(0, KEY_BYTES);
}

function sha1(...parts: readonly Buffer[]): Buffer {
  return hash('sha1', Buffer.concat(parts), 'buffer');
}
