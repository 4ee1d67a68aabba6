import { ATTR, CODE, MICROSOFT, MIKROTIK, VENDOR } from './attributes.js';

/** Codes a packet may have; anything else is dropped unread. */
export const KNOWN_CODES: ReadonlySet<number> = new Set(Object.values(CODE));

/**
 * Attributes that may occur at most once in every packet we read (tables of RFC 2865 5.44, RFC 2866 5.13, RFC 2869
 * 5.19, RFC 3162 3). RouterOS HotSpot lets a visitor add attributes through form fields, so a second one is an attack.
 */
const AT_MOST_ONCE = [
  ATTR.USER_NAME,
  ATTR.USER_PASSWORD,
  ATTR.CHAP_PASSWORD,
  ATTR.NAS_IP_ADDRESS,
  ATTR.NAS_PORT,
  ATTR.SERVICE_TYPE,
  ATTR.FRAMED_PROTOCOL,
  ATTR.FRAMED_IP_ADDRESS,
  ATTR.FRAMED_IP_NETMASK,
  ATTR.FRAMED_MTU,
  ATTR.STATE,
  ATTR.SESSION_TIMEOUT,
  ATTR.IDLE_TIMEOUT,
  ATTR.CALLED_STATION_ID,
  ATTR.CALLING_STATION_ID,
  ATTR.NAS_IDENTIFIER,
  ATTR.ACCT_STATUS_TYPE,
  ATTR.ACCT_DELAY_TIME,
  ATTR.ACCT_INPUT_OCTETS,
  ATTR.ACCT_OUTPUT_OCTETS,
  ATTR.ACCT_SESSION_ID,
  ATTR.ACCT_AUTHENTIC,
  ATTR.ACCT_SESSION_TIME,
  ATTR.ACCT_INPUT_PACKETS,
  ATTR.ACCT_OUTPUT_PACKETS,
  ATTR.ACCT_TERMINATE_CAUSE,
  ATTR.ACCT_INPUT_GIGAWORDS,
  ATTR.ACCT_OUTPUT_GIGAWORDS,
  ATTR.EVENT_TIMESTAMP,
  ATTR.CHAP_CHALLENGE,
  ATTR.NAS_PORT_TYPE,
  ATTR.PORT_LIMIT,
  ATTR.MESSAGE_AUTHENTICATOR,
  ATTR.ACCT_INTERIM_INTERVAL,
  ATTR.NAS_PORT_ID,
  ATTR.CHARGEABLE_USER_IDENTITY,
  ATTR.NAS_IPV6_ADDRESS,
  // Framed-Routing, Login-Service, Login-TCP-Port, Callback-Number, Callback-Id, Framed-IPX-Network, Termination-Action,
  // Login-LAT-*, Framed-AppleTalk-Link and -Zone, ARAP-*, Password-Retry, Prompt, Acct-Tunnel-Packets-Lost,
  // Framed-Pool, Framed-Interface-Id, Framed-IPv6-Pool: read by nobody here, but no sender may send two.
  ...[10, 15, 16, 19, 20, 23, 29, 34, 35, 36, 37, 39, 63, 70, 71, 72, 73, 75, 76, 84, 86, 88, 96, 100],
];

/** The same of one kind of request only: Connect-Info (RFC 2869 5.19) and Framed-AppleTalk-Network (RFC 2866 5.13). */
const AT_MOST_ONCE_IN_ACCESS = [77];
const AT_MOST_ONCE_IN_ACCOUNTING = [38];

const FOUR_BYTES = [
  ATTR.NAS_IP_ADDRESS,
  ATTR.NAS_PORT,
  ATTR.SERVICE_TYPE,
  ATTR.FRAMED_PROTOCOL,
  ATTR.FRAMED_IP_ADDRESS,
  ATTR.FRAMED_IP_NETMASK,
  ATTR.FRAMED_ROUTING,
  ATTR.FRAMED_MTU,
  ATTR.FRAMED_COMPRESSION,
  ATTR.LOGIN_IP_HOST,
  ATTR.SESSION_TIMEOUT,
  ATTR.IDLE_TIMEOUT,
  ATTR.TERMINATION_ACTION,
  ATTR.ACCT_STATUS_TYPE,
  ATTR.ACCT_DELAY_TIME,
  ATTR.ACCT_INPUT_OCTETS,
  ATTR.ACCT_OUTPUT_OCTETS,
  ATTR.ACCT_AUTHENTIC,
  ATTR.ACCT_SESSION_TIME,
  ATTR.ACCT_INPUT_PACKETS,
  ATTR.ACCT_OUTPUT_PACKETS,
  ATTR.ACCT_TERMINATE_CAUSE,
  ATTR.ACCT_LINK_COUNT,
  ATTR.ACCT_INPUT_GIGAWORDS,
  ATTR.ACCT_OUTPUT_GIGAWORDS,
  ATTR.EVENT_TIMESTAMP,
  ATTR.NAS_PORT_TYPE,
  ATTR.PORT_LIMIT,
  ATTR.ACCT_INTERIM_INTERVAL,
  ATTR.ERROR_CAUSE,
  // Login-Service, Login-TCP-Port, Framed-IPX-Network, Framed-AppleTalk-Link and -Network, Tunnel-Type, -Medium-Type and
  // -Preference, ARAP-Zone-Access, ARAP-Security, Password-Retry, Prompt, Acct-Tunnel-Packets-Lost
  ...[15, 16, 23, 37, 38, 64, 65, 72, 73, 75, 76, 83, 86],
];

/** 1 at the number of every attribute that may occur at most once in a packet of this code. */
export function singleIn(code: number): Uint8Array {
  if (code === CODE.ACCESS_REQUEST) return SINGLE_IN_ACCESS;
  return code === CODE.ACCOUNTING_REQUEST ? SINGLE_IN_ACCOUNTING : SINGLE;
}

const SINGLE = tableOf(AT_MOST_ONCE.map((type) => [type, 1]));
const SINGLE_IN_ACCESS = tableOf([...AT_MOST_ONCE, ...AT_MOST_ONCE_IN_ACCESS].map((type) => [type, 1]));
const SINGLE_IN_ACCOUNTING = tableOf([...AT_MOST_ONCE, ...AT_MOST_ONCE_IN_ACCOUNTING].map((type) => [type, 1]));

/** Value size in bytes by attribute number; 0 where any size goes. */
export const FIXED_SIZE: Uint8Array = tableOf([
  ...FOUR_BYTES.map((type): [number, number] => [type, 4]),
  [ATTR.CHAP_PASSWORD, 17],
  [ATTR.MESSAGE_AUTHENTICATOR, 16],
  [ATTR.NAS_IPV6_ADDRESS, 16],
  // Login-LAT-Group, ARAP-Password, ARAP-Features, ARAP-Challenge-Response, Framed-Interface-Id, Login-IPv6-Host
  [36, 32],
  [70, 16],
  [71, 14],
  [84, 8],
  [96, 8],
  [98, 16],
]);

export interface VendorRules {
  readonly single: Uint8Array;
  readonly fixedSize: Uint8Array;
}

/**
 * Vendors whose sub-attributes are type, length, value (RFC 2865 5.26 recommends it) and are therefore walked strictly.
 * Another vendor's attribute stays opaque: its format is its own business.
 */
export const VENDOR_RULES: ReadonlyMap<number, VendorRules> = new Map([
  [
    VENDOR.MICROSOFT,
    {
      single: tableOf([
        [MICROSOFT.CHAP_RESPONSE, 1],
        [MICROSOFT.CHAP_CHALLENGE, 1],
        [MICROSOFT.CHAP2_RESPONSE, 1],
      ]),
      fixedSize: tableOf([
        [MICROSOFT.CHAP_RESPONSE, 50],
        [MICROSOFT.CHAP2_RESPONSE, 50],
        [MICROSOFT.MPPE_ENCRYPTION_POLICY, 4],
        [MICROSOFT.MPPE_ENCRYPTION_TYPES, 4],
      ]),
    },
  ],
  [VENDOR.MIKROTIK, mikrotikRules()],
  [VENDOR.WISPR, { single: tableOf([]), fixedSize: tableOf([]) }],
]);

function mikrotikRules(): VendorRules {
  const fourBytes = [
    MIKROTIK.RECV_LIMIT,
    MIKROTIK.XMIT_LIMIT,
    MIKROTIK.WIRELESS_FORWARD,
    MIKROTIK.HOST_IP,
    MIKROTIK.ADVERTISE_INTERVAL,
    MIKROTIK.RECV_LIMIT_GIGAWORDS,
    MIKROTIK.XMIT_LIMIT_GIGAWORDS,
    MIKROTIK.TOTAL_LIMIT,
    MIKROTIK.TOTAL_LIMIT_GIGAWORDS,
  ];
  return {
    single: tableOf([
      [MIKROTIK.REALM, 1],
      [MIKROTIK.HOST_IP, 1],
    ]),
    fixedSize: tableOf(fourBytes.map((type) => [type, 4])),
  };
}

function tableOf(entries: readonly (readonly [type: number, value: number])[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const [type, value] of entries) table[type] = value;
  return table;
}
