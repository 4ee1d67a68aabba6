import { hash } from 'node:crypto';

/**
 * The signatures of RFC 2865 3, RFC 2866 3, RFC 3579 3.2, RFC 5176 2.3 and RFC 5997 3, written from the RFCs and not from
 * the codec they judge: whole messages are put together and hashed at once, HMAC is spelled out (RFC 2104).
 */
const HEADER = 20;
const ZERO = Buffer.alloc(16);
const BLOCK = 64;

export function md5(...parts: readonly Buffer[]): Buffer {
  return hash('md5', parts.length === 1 ? (parts[0] ?? ZERO) : Buffer.concat(parts), 'buffer');
}

export function hmacMd5(key: Buffer, message: Buffer): Buffer {
  const short = key.length > BLOCK ? md5(key) : key;
  const inner = Buffer.alloc(BLOCK, 0x36);
  const outer = Buffer.alloc(BLOCK, 0x5c);
  for (let i = 0; i < short.length; i += 1) {
    inner[i] = 0x36 ^ (short[i] ?? 0);
    outer[i] = 0x5c ^ (short[i] ?? 0);
  }
  return md5(outer, md5(inner, message));
}

export type SignatureStyle = 'nonce' | 'digest' | 'reply';

/** What stands in the header's authenticator field; undefined for codes that are neither requests nor replies. */
export function styleOf(code: number): SignatureStyle | undefined {
  if (code === 1 || code === 12) return 'nonce';
  if (code === 4 || code === 40 || code === 43) return 'digest';
  if ([2, 3, 5, 11, 41, 42, 44, 45].includes(code)) return 'reply';
  return undefined;
}

/** Offsets of every Message-Authenticator of the right size in a packet whose attributes can be walked. */
export function signatureOffsets(packet: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = HEADER; at + 2 <= packet.length; at += Math.max(2, packet[at + 1] ?? 0)) {
    if (packet[at] === 80 && packet[at + 1] === 18 && at + 18 <= packet.length) offsets.push(at);
  }
  return offsets;
}

/** `packet` with `authenticator` in its header, and zeros in the value of the attribute at `zeroedAt`. */
function variant(packet: Buffer, authenticator: Buffer, zeroedAt?: number): Buffer {
  const copy = Buffer.from(packet);
  authenticator.copy(copy, 4);
  if (zeroedAt !== undefined) copy.fill(0, zeroedAt + 2, zeroedAt + 18);
  return copy;
}

/** Header authenticator over which the Message-Authenticator of this packet is made. */
function signedAuthenticator(packet: Buffer, requestAuthenticator: Buffer): Buffer {
  const style = styleOf(packet[0] ?? 0);
  if (style === 'digest') return ZERO;
  return style === 'reply' ? requestAuthenticator : Buffer.from(packet.subarray(4, HEADER));
}

export function trueMessageAuthenticator(
  packet: Buffer,
  at: number,
  secret: Buffer,
  requestAuthenticator: Buffer = ZERO,
): Buffer {
  return hmacMd5(secret, variant(packet, signedAuthenticator(packet, requestAuthenticator), at));
}

/** MD5 over the packet with zeros (requests) or the request's authenticator (replies) in its header, and the secret. */
export function trueAuthenticator(packet: Buffer, secret: Buffer, requestAuthenticator: Buffer = ZERO): Buffer {
  return md5(variant(packet, requestAuthenticator), secret);
}

/** Makes the packet one its owner of `secret` could have sent: fills in what it has to fill in. */
export function sign(packet: Buffer, secret: Buffer, requestAuthenticator: Buffer = ZERO): void {
  const style = styleOf(packet[0] ?? 0);
  const at = signatureOffsets(packet)[0];
  if (at !== undefined) trueMessageAuthenticator(packet, at, secret, requestAuthenticator).copy(packet, at + 2);
  if (style === 'digest') trueAuthenticator(packet, secret).copy(packet, 4);
  if (style === 'reply') trueAuthenticator(packet, secret, requestAuthenticator).copy(packet, 4);
}

export interface SigningPolicy {
  readonly signatureRequired: boolean;
}

/**
 * Whether a receiver who shares `secret` may believe this well-formed request. Unsigned Access-Requests are believed only
 * where the policy allows it, and never with EAP-Message (RFC 3579 3.1) or Proxy-State (CVE-2024-3596).
 */
export function isAuthenticRequest(
  packet: Buffer,
  types: ReadonlySet<number>,
  secret: Buffer,
  policy: SigningPolicy,
): boolean {
  const code = packet[0] ?? 0;
  const style = styleOf(code);
  if (style === undefined || style === 'reply' || secret.length === 0) return false;
  if (style === 'digest' && !trueAuthenticator(packet, secret).equals(packet.subarray(4, HEADER))) return false;
  const at = signatureOffsets(packet)[0];
  if (at !== undefined) return trueMessageAuthenticator(packet, at, secret).equals(packet.subarray(at + 2, at + 18));
  if (code === 12 || types.has(79)) return false;
  return code !== 1 || (!policy.signatureRequired && !types.has(33));
}

/** Whether a reply was made by who knows the secret, for the request with this authenticator. */
export function isAuthenticReply(reply: Buffer, secret: Buffer, requestAuthenticator: Buffer): boolean {
  if (!trueAuthenticator(reply, secret, requestAuthenticator).equals(reply.subarray(4, HEADER))) return false;
  const at = signatureOffsets(reply)[0];
  const isAccess = [2, 3, 11].includes(reply[0] ?? 0);
  if (at === undefined) return !isAccess;
  const given = reply.subarray(at + 2, at + 18);
  if (trueMessageAuthenticator(reply, at, secret, requestAuthenticator).equals(given)) return true;
  // The one departure the RFCs leave open and servers make: zeros in accounting, CoA and Disconnect replies.
  return !isAccess && trueMessageAuthenticator(reply, at, secret, ZERO).equals(given);
}
