import { isUtf8 } from 'node:buffer';
import { ATTR, MICROSOFT, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import { verifyChap } from '@turnpike/radius/chap.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import type { RadiusRequest } from '@turnpike/radius/udp-server.js';
import { revealPassword, samePassword } from '@turnpike/radius/user-password.js';
import { vendorBytesAttr } from '@turnpike/radius/value-codec.js';
import { mppeAttributes, mppeKeys } from '@turnpike/radius/mppe-keys.js';
import { msChap2Attempt, verifyMsChap2, type MsChap2Attempt } from '@turnpike/radius/mschap2.js';

/** What somebody proves their password with. */
export type Credentials =
  | { readonly method: 'pap'; readonly password: Buffer }
  | { readonly method: 'chap'; readonly packet: RadiusPacket }
  | { readonly method: 'mschapv2'; readonly attempt: MsChap2Attempt; readonly encrypted: boolean }
  | { readonly method: 'eap' | 'none' };

export type CredentialMethod = Credentials['method'];

/** `encrypted`: a PPP peer, which may ask for MPPE, gets keys for it. */
export function readCredentials(
  { packet, secret }: Pick<RadiusRequest, 'packet' | 'secret'>,
  { encrypted }: { encrypted: boolean },
): Credentials {
  const hidden = packet.get(ATTR.USER_PASSWORD);
  if (hidden !== undefined) {
    return { method: 'pap', password: revealPassword(hidden, packet.authenticator, secret) };
  }
  if (packet.has(ATTR.CHAP_PASSWORD)) return { method: 'chap', packet };
  const attempt = msChap2Attempt(packet);
  if (attempt !== undefined) return { method: 'mschapv2', attempt, encrypted };
  return { method: packet.has(ATTR.EAP_MESSAGE) ? 'eap' : 'none' };
}

const NOTHING_MORE: readonly Attribute[] = [];

/** What the method wants in the Accept when the credentials were made with `password`, else undefined. */
export function proveWith(credentials: Credentials, password: Buffer): readonly Attribute[] | undefined {
  switch (credentials.method) {
    case 'pap':
      return samePassword(credentials.password, password) ? NOTHING_MORE : undefined;
    case 'chap':
      return verifyChap(credentials.packet, password) ? NOTHING_MORE : undefined;
    case 'mschapv2':
      return proveMsChap2(credentials.attempt, password.toString('utf8'), credentials.encrypted);
    case 'eap':
    case 'none':
      return undefined;
  }
}

function proveMsChap2(attempt: MsChap2Attempt, password: string, encrypted: boolean): Attribute[] | undefined {
  const proof = verifyMsChap2(attempt, password);
  if (proof === undefined) return undefined;
  const success = vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP2_SUCCESS, proof.success);
  if (!encrypted) return [success];
  return [success, ...mppeAttributes(mppeKeys(proof.passwordHashHash, attempt.ntResponse))];
}

/**
 * Whether a PAP password is noise: what a wrong shared secret makes of it. Passwords that people set are text without
 * control characters, so noise is nobody's password.
 */
export function isNoise(credentials: Credentials): boolean {
  if (credentials.method !== 'pap') return false;
  const { password } = credentials;
  return !isUtf8(password) || password.some((byte) => byte < 0x20 || byte === 0x7f);
}
