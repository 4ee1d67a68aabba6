import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import type { Judgement, WireRule } from './oracle.js';
import { VENDORS } from './rfc-attributes.js';

/** One way in which we do otherwise than FreeRADIUS 3.2.1, and why. */
interface NamedDifference {
  /** What we did: `answered`, or why the packet was dropped. */
  readonly ours: string;
  readonly theirs: 'answered' | 'dropped';
  /** What the oracle says of such a packet; a difference on any other packet is not named by this. */
  readonly packet: readonly (WireRule | 'RFC-valid')[];
  /** What such a packet carries besides; left out: anything. */
  readonly carries?: (judged: Judgement) => boolean;
  readonly reason: string;
}

/** Whatever differs and is not named here fails the run. */
const NAMED_DIFFERENCES: readonly NamedDifference[] = [
  {
    ours: 'bad-attribute-size',
    theirs: 'answered',
    packet: ['attribute-size', 'repeated', 'two-credentials', 'vendor-size'],
    reason: 'an attribute of the wrong size spoils the whole request (RFC 2866 5); FreeRADIUS keeps its bytes unread',
  },
  {
    ours: 'duplicate-attribute',
    theirs: 'answered',
    packet: ['repeated', 'attribute-size', 'two-credentials', 'vendor-size'],
    reason:
      'what may come once comes twice (RFC 2865 5.44, RFC 2866 5.13): a hotspot visitor can add attributes, FreeRADIUS leaves the choice to its policy',
  },
  {
    ours: 'duplicate-attribute',
    theirs: 'answered',
    packet: ['RFC-valid'],
    reason:
      "a second MS-CHAP credential or MikroTik realm: no RFC counts a vendor's attributes, but one of the two would not be checked",
  },
  {
    ours: 'conflicting-credentials',
    theirs: 'answered',
    packet: ['two-credentials', 'repeated', 'attribute-size'],
    reason:
      'User-Password and CHAP-Password in one request (RFC 2865 4.1); FreeRADIUS checks the one its policy finds first',
  },
  {
    ours: 'message-authenticator-missing',
    theirs: 'answered',
    packet: ['RFC-valid'],
    reason:
      'Proxy-State in an unsigned Access-Request is how a reply is forged (CVE-2024-3596); FreeRADIUS drops it too since 3.2.5 (limit_proxy_state)',
  },
  {
    ours: 'bad-vendor-attribute',
    theirs: 'answered',
    packet: ['RFC-valid', 'vendor-size'],
    reason:
      'attributes of Microsoft, MikroTik and WISPr that are no list of type, length, value; FreeRADIUS keeps their bytes unread',
  },
  {
    ours: 'bad-attribute-size',
    theirs: 'answered',
    packet: ['RFC-valid'],
    carries: hasVendorAttributes,
    reason:
      'a limit or rate of MikroTik or WISPr that is not four bytes: no RFC gives their sizes; FreeRADIUS keeps its bytes unread',
  },
  {
    ours: 'answered',
    theirs: 'dropped',
    packet: ['RFC-valid'],
    carries: hasTwoCredentialsNobodyChecks,
    reason:
      'EAP beside a password where no credentials are checked: RFC 3579 3.3 forbids it in an Access-Request, FreeRADIUS in accounting and Status-Server too; usage is not thrown away for it',
  },
  {
    ours: 'answered',
    theirs: 'dropped',
    packet: ['RFC-valid'],
    carries: hasFilterRule,
    reason:
      'NAS-Filter-Rule that is no list of rules (RFC 4849 2): FreeRADIUS takes them apart; no request has use for one, and it stays unread here',
  },
];

/** The reason for a difference, if it is a named one. */
export function nameOf(ours: string, theirs: string, judged: Judgement): string | undefined {
  const kind = judged.broken ?? 'RFC-valid';
  const named = NAMED_DIFFERENCES.find(
    ({ carries = () => true, ...difference }) =>
      difference.ours === ours && difference.theirs === theirs && difference.packet.includes(kind) && carries(judged),
  );
  return named === undefined ? undefined : `we: ${ours}, FreeRADIUS ${theirs}: ${named.reason}`;
}

/** User-Password, CHAP-Password and ARAP-Password. */
const PASSWORDS: readonly number[] = [2, 3, 70];

function hasTwoCredentialsNobodyChecks({ packet, attributes }: Judgement): boolean {
  const has = (types: readonly number[]): boolean => attributes.some(({ type }) => types.includes(type));
  return packet[0] !== CODE.ACCESS_REQUEST && has([ATTR.EAP_MESSAGE]) && has(PASSWORDS);
}

const VENDORS_WITH_SIZES: readonly number[] = [VENDORS.mikrotik, VENDORS.wispr];

function hasVendorAttributes({ attributes }: Judgement): boolean {
  return attributes.some(
    ({ type, value }) => type === ATTR.VENDOR_SPECIFIC && VENDORS_WITH_SIZES.includes(value.readUInt32BE(0)),
  );
}

function hasFilterRule({ attributes }: Judgement): boolean {
  return attributes.some(({ type }) => type === 92);
}
