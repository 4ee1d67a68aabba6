import { ATTR, MICROSOFT, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import { verifyChap } from '@turnpike/radius/chap.js';
import type { RadiusRequest } from '@turnpike/radius/udp-server.js';
import { revealPassword, samePassword } from '@turnpike/radius/user-password.js';
import type { CredentialCheck } from './access-decision.js';
import { verifyMsChap2 } from './mschap2.js';

export interface CredentialResult {
  readonly verdict: CredentialCheck;
  /** What the method wants in the Accept. */
  readonly attributes: readonly Attribute[];
}

const OK: CredentialResult = { verdict: 'ok', attributes: [] };
const WRONG: CredentialResult = { verdict: 'wrong_password', attributes: [] };
const UNSUPPORTED: CredentialResult = { verdict: 'unsupported_method', attributes: [] };

/** Whether the PAP, CHAP or MS-CHAPv2 credentials in the packet were made with `password`; PAP and CHAP by bytes. */
export function checkCredentials(
  request: Pick<RadiusRequest, 'packet' | 'secret'>,
  password: string,
): CredentialResult {
  const { packet, secret } = request;
  const expected = Buffer.from(password, 'utf8');
  const hidden = packet.get(ATTR.USER_PASSWORD);
  if (hidden !== undefined) {
    return samePassword(revealPassword(hidden, packet.authenticator, secret), expected) ? OK : WRONG;
  }
  if (packet.has(ATTR.CHAP_PASSWORD)) return verifyChap(packet, expected) ? OK : WRONG;
  if (packet.vendor(VENDOR.MICROSOFT, MICROSOFT.CHAP2_RESPONSE) === undefined) return UNSUPPORTED;
  const result = verifyMsChap2(packet, password);
  return result?.ok === true ? { verdict: 'ok', attributes: [result.success] } : WRONG;
}
