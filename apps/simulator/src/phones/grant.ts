import { ATTR, MIKROTIK, VENDOR } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';

/** What an Access-Accept (or a CoA-Request) says about a session; undefined where it says nothing. */
export interface Grant {
  readonly sessionTimeoutSeconds: number | undefined;
  readonly idleTimeoutSeconds: number | undefined;
  readonly interimSeconds: number | undefined;
  readonly totalLimitOctets: number | undefined;
  /** From the client. */
  readonly recvLimitOctets: number | undefined;
  /** To the client. */
  readonly xmitLimitOctets: number | undefined;
  readonly rateLimit: string | undefined;
  readonly group: string | undefined;
  readonly portLimit: number | undefined;
  readonly framedIpAddress: string | undefined;
  readonly classes: readonly Buffer[];
}

const vendorNumber = (packet: RadiusPacket, type: number): number | undefined => {
  const value = packet.vendor(VENDOR.MIKROTIK, type);
  return value?.length === 4 ? value.readUInt32BE(0) : undefined;
};

/** A 64-bit limit in two halves; 0 means no limit, as RouterOS reads it. */
function limit(packet: RadiusPacket, low: number, high: number): number | undefined {
  const octets = vendorNumber(packet, low);
  const gigawords = vendorNumber(packet, high);
  if (octets === undefined && gigawords === undefined) return undefined;
  const total = (gigawords ?? 0) * 2 ** 32 + (octets ?? 0);
  return total === 0 ? undefined : total;
}

const positive = (value: number | undefined): number | undefined => (value === 0 ? undefined : value);

export function grantOf(packet: RadiusPacket): Grant {
  return {
    sessionTimeoutSeconds: positive(packet.integer(ATTR.SESSION_TIMEOUT)),
    idleTimeoutSeconds: positive(packet.integer(ATTR.IDLE_TIMEOUT)),
    interimSeconds: positive(packet.integer(ATTR.ACCT_INTERIM_INTERVAL)),
    totalLimitOctets: limit(packet, MIKROTIK.TOTAL_LIMIT, MIKROTIK.TOTAL_LIMIT_GIGAWORDS),
    recvLimitOctets: limit(packet, MIKROTIK.RECV_LIMIT, MIKROTIK.RECV_LIMIT_GIGAWORDS),
    xmitLimitOctets: limit(packet, MIKROTIK.XMIT_LIMIT, MIKROTIK.XMIT_LIMIT_GIGAWORDS),
    rateLimit: packet.vendor(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT)?.toString('utf8'),
    group: packet.vendor(VENDOR.MIKROTIK, MIKROTIK.GROUP)?.toString('utf8'),
    portLimit: positive(packet.integer(ATTR.PORT_LIMIT)),
    framedIpAddress: packet.ipv4(ATTR.FRAMED_IP_ADDRESS),
    classes: packet.getAll(ATTR.CLASS),
  };
}

export const NOTHING_GRANTED: Grant = {
  sessionTimeoutSeconds: undefined,
  idleTimeoutSeconds: undefined,
  interimSeconds: undefined,
  totalLimitOctets: undefined,
  recvLimitOctets: undefined,
  xmitLimitOctets: undefined,
  rateLimit: undefined,
  group: undefined,
  portLimit: undefined,
  framedIpAddress: undefined,
  classes: [],
};
