/** One attribute as bytes. With `vendor` it is a sub-attribute of a Vendor-Specific attribute (RFC 2865 5.26). */
export interface Attribute {
  /** Attribute number, 1-255; the vendor's own number when `vendor` is set. */
  readonly type: number;
  /** Value without type and length: at most 253 bytes, 247 for a vendor's. */
  readonly value: Buffer;
  /** SMI enterprise number of the vendor. */
  readonly vendor?: number;
}

/** Packet codes (RFC 2865 3, RFC 2866 3, RFC 5176 2.3, RFC 5997). */
export const CODE = {
  ACCESS_REQUEST: 1,
  ACCESS_ACCEPT: 2,
  ACCESS_REJECT: 3,
  ACCOUNTING_REQUEST: 4,
  ACCOUNTING_RESPONSE: 5,
  ACCESS_CHALLENGE: 11,
  STATUS_SERVER: 12,
  DISCONNECT_REQUEST: 40,
  DISCONNECT_ACK: 41,
  DISCONNECT_NAK: 42,
  COA_REQUEST: 43,
  COA_ACK: 44,
  COA_NAK: 45,
} as const;

/** Attribute numbers (RFC 2865, 2866, 2869, 3162, 4372, 5176). */
export const ATTR = {
  USER_NAME: 1,
  USER_PASSWORD: 2,
  CHAP_PASSWORD: 3,
  NAS_IP_ADDRESS: 4,
  NAS_PORT: 5,
  SERVICE_TYPE: 6,
  FRAMED_PROTOCOL: 7,
  FRAMED_IP_ADDRESS: 8,
  FRAMED_IP_NETMASK: 9,
  FRAMED_ROUTING: 10,
  FILTER_ID: 11,
  FRAMED_MTU: 12,
  FRAMED_COMPRESSION: 13,
  LOGIN_IP_HOST: 14,
  REPLY_MESSAGE: 18,
  FRAMED_ROUTE: 22,
  STATE: 24,
  CLASS: 25,
  VENDOR_SPECIFIC: 26,
  SESSION_TIMEOUT: 27,
  IDLE_TIMEOUT: 28,
  TERMINATION_ACTION: 29,
  CALLED_STATION_ID: 30,
  CALLING_STATION_ID: 31,
  NAS_IDENTIFIER: 32,
  PROXY_STATE: 33,
  ACCT_STATUS_TYPE: 40,
  ACCT_DELAY_TIME: 41,
  ACCT_INPUT_OCTETS: 42,
  ACCT_OUTPUT_OCTETS: 43,
  ACCT_SESSION_ID: 44,
  ACCT_AUTHENTIC: 45,
  ACCT_SESSION_TIME: 46,
  ACCT_INPUT_PACKETS: 47,
  ACCT_OUTPUT_PACKETS: 48,
  ACCT_TERMINATE_CAUSE: 49,
  ACCT_MULTI_SESSION_ID: 50,
  ACCT_LINK_COUNT: 51,
  ACCT_INPUT_GIGAWORDS: 52,
  ACCT_OUTPUT_GIGAWORDS: 53,
  EVENT_TIMESTAMP: 55,
  CHAP_CHALLENGE: 60,
  NAS_PORT_TYPE: 61,
  PORT_LIMIT: 62,
  TUNNEL_PASSWORD: 69,
  CONNECT_INFO: 77,
  EAP_MESSAGE: 79,
  MESSAGE_AUTHENTICATOR: 80,
  ACCT_INTERIM_INTERVAL: 85,
  NAS_PORT_ID: 87,
  FRAMED_POOL: 88,
  CHARGEABLE_USER_IDENTITY: 89,
  NAS_IPV6_ADDRESS: 95,
  ERROR_CAUSE: 101,
} as const;

/** SMI enterprise numbers of the vendors whose attributes we read or send. */
export const VENDOR = { MICROSOFT: 311, WISPR: 14122, MIKROTIK: 14988 } as const;

/** MikroTik's attributes, as its RADIUS manual page numbers them. */
export const MIKROTIK = {
  RECV_LIMIT: 1,
  XMIT_LIMIT: 2,
  GROUP: 3,
  WIRELESS_FORWARD: 4,
  RATE_LIMIT: 8,
  REALM: 9,
  HOST_IP: 10,
  MARK_ID: 11,
  ADVERTISE_URL: 12,
  ADVERTISE_INTERVAL: 13,
  RECV_LIMIT_GIGAWORDS: 14,
  XMIT_LIMIT_GIGAWORDS: 15,
  WIRELESS_PSK: 16,
  TOTAL_LIMIT: 17,
  TOTAL_LIMIT_GIGAWORDS: 18,
  ADDRESS_LIST: 19,
} as const;

/** Microsoft's attributes (RFC 2548). */
export const MICROSOFT = {
  CHAP_RESPONSE: 1,
  CHAP_ERROR: 2,
  MPPE_ENCRYPTION_POLICY: 7,
  MPPE_ENCRYPTION_TYPES: 8,
  CHAP_DOMAIN: 10,
  CHAP_CHALLENGE: 11,
  CHAP_MPPE_KEYS: 12,
  MPPE_SEND_KEY: 16,
  MPPE_RECV_KEY: 17,
  CHAP2_RESPONSE: 25,
  CHAP2_SUCCESS: 26,
} as const;

/** Values of Acct-Status-Type (RFC 2866 5.1). */
export const ACCT_STATUS = { START: 1, STOP: 2, INTERIM_UPDATE: 3, ACCOUNTING_ON: 7, ACCOUNTING_OFF: 8 } as const;

/** Reply codes that answer each request code; on the accounting port Status-Server is answered as accounting (RFC 5997 3). */
const REPLIES: ReadonlyMap<number, readonly number[]> = new Map([
  [CODE.ACCESS_REQUEST, [CODE.ACCESS_ACCEPT, CODE.ACCESS_REJECT, CODE.ACCESS_CHALLENGE]],
  [CODE.ACCOUNTING_REQUEST, [CODE.ACCOUNTING_RESPONSE]],
  [CODE.STATUS_SERVER, [CODE.ACCESS_ACCEPT, CODE.ACCOUNTING_RESPONSE]],
  [CODE.DISCONNECT_REQUEST, [CODE.DISCONNECT_ACK, CODE.DISCONNECT_NAK]],
  [CODE.COA_REQUEST, [CODE.COA_ACK, CODE.COA_NAK]],
]);

/** Whether `reply` is a code that may answer a request of code `request`. */
export function answers(reply: number, request: number): boolean {
  return REPLIES.get(request)?.includes(reply) ?? false;
}

/** Access-Accept, Access-Reject or Access-Challenge. */
export function isAccessReply(code: number): boolean {
  return code === CODE.ACCESS_ACCEPT || code === CODE.ACCESS_REJECT || code === CODE.ACCESS_CHALLENGE;
}
