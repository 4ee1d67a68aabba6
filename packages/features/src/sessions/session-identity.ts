import { ATTR, type Attribute } from '@turnpike/radius/attributes.js';
import { ipv4Attr, textAttr } from '@turnpike/radius/value-codec.js';
import { isIPv4 } from 'node:net';
import type { NasTarget } from '../nas/nas-target.js';
import { isVoucherUsername } from '../vouchers/voucher-code.js';

/** What tells one session from others at its NAS. */
export interface SessionIdentity {
  readonly acctSessionId: string;
  readonly username: string;
  readonly framedIpAddress: string | null;
  readonly callingStationId: string | null;
}

/**
 * User-Name as the NAS has it; undefined when the stored one may differ from it: a voucher's code is nowhere kept, and bytes
 * that are no UTF-8 were read as Latin-1, which looks the same as UTF-8 of the same letters. A name that the NAS does not
 * have would make it say that there is no such session.
 */
export function usernameAtNas(username: string): string | undefined {
  if (username === '' || isVoucherUsername(username) || username.includes('\u{FFFD}')) return undefined;
  const points = [...username].map((letter) => letter.codePointAt(0) ?? 0);
  const mayBeLatin1 = points.every((point) => point <= 0xff) && points.some((point) => point > 0x7f);
  return mayBeLatin1 ? undefined : username;
}

/**
 * What identifies a session to RouterOS in a Disconnect- or CoA-Request (manual, RADIUS: User-Name, Framed-IP-Address and
 * Acct-Session-Id), and the address the NAS goes by. Where the name is not known the device stands in for it.
 */
export function identityAttributes(session: SessionIdentity, nas: NasTarget): Attribute[] {
  const { acctSessionId, framedIpAddress, callingStationId } = session;
  const username = usernameAtNas(session.username);
  const device = username === undefined && callingStationId !== null ? callingStationId : undefined;
  return [
    ...(username === undefined ? [] : [textAttr(ATTR.USER_NAME, username)]),
    ...(isIPv4(nas.address) ? [ipv4Attr(ATTR.NAS_IP_ADDRESS, nas.address)] : []),
    ...(framedIpAddress !== null && isIPv4(framedIpAddress) ? [ipv4Attr(ATTR.FRAMED_IP_ADDRESS, framedIpAddress)] : []),
    ...(device === undefined ? [] : [textAttr(ATTR.CALLING_STATION_ID, device)]),
    ...(acctSessionId === '' ? [] : [textAttr(ATTR.ACCT_SESSION_ID, acctSessionId)]),
  ];
}
