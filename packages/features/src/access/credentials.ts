import { ATTR } from '@turnpike/radius/attributes.js';
import { verifyChap } from '@turnpike/radius/chap.js';
import type { RadiusRequest } from '@turnpike/radius/udp-server.js';
import { revealPassword, samePassword } from '@turnpike/radius/user-password.js';
import type { CredentialCheck } from './access-decision.js';

/** Whether the PAP or CHAP credentials in the packet were made with `password`; bytes are compared, not text. */
export function checkCredentials(request: Pick<RadiusRequest, 'packet' | 'secret'>, password: string): CredentialCheck {
  const { packet, secret } = request;
  const expected = Buffer.from(password, 'utf8');
  const hidden = packet.get(ATTR.USER_PASSWORD);
  if (hidden !== undefined) {
    const given = revealPassword(hidden, packet.authenticator, secret);
    return samePassword(given, expected) ? 'ok' : 'wrong_password';
  }
  if (!packet.has(ATTR.CHAP_PASSWORD)) return 'unsupported_method';
  return verifyChap(packet, expected) ? 'ok' : 'wrong_password';
}
