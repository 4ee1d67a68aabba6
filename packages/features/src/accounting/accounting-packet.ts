import { createHash, type Hash } from 'node:crypto';
import { ACCT_STATUS, ATTR } from '@turnpike/radius/attributes.js';
import { HEADER_BYTES, type RadiusPacket } from '@turnpike/radius/packet.js';
import type { ClassClaim, ClassTokens } from '../access/class-token.js';
import { deviceName } from '../access/device-lease.js';
import type { AccountingKind, AccountingRecord } from './accounting-record.js';

export interface PacketContext {
  readonly packet: RadiusPacket;
  readonly routerId: string;
  readonly receivedAt: Date;
}

/** The record of a verified Accounting-Request; undefined when it has no Acct-Status-Type, which RFC 2866 5.1 requires. */
export function recordOf(context: PacketContext, classTokens: ClassTokens): AccountingRecord | undefined {
  const { packet, routerId, receivedAt } = context;
  const kind = kindOf(packet.integer(ATTR.ACCT_STATUS_TYPE));
  if (kind === undefined) return undefined;
  const claim = claimOf(packet, routerId, classTokens);
  return {
    v: 1,
    dedupKey: dedupKey(context, kind),
    routerId,
    kind,
    receivedAt: receivedAt.getTime(),
    eventAt: eventTime(packet, receivedAt),
    sessionKey: claim?.sessionKey ?? hashedSessionKey(packet, routerId),
    entitlementId: claim?.entitlementId ?? null,
    acctSessionId: storable(packet.text(ATTR.ACCT_SESSION_ID)) ?? '',
    username: storable(packet.text(ATTR.USER_NAME)) ?? '',
    framedIpAddress: packet.ipv4(ATTR.FRAMED_IP_ADDRESS) ?? null,
    callingStationId: deviceName(packet.text(ATTR.CALLING_STATION_ID)) ?? null,
    calledStationId: storable(packet.text(ATTR.CALLED_STATION_ID)) ?? null,
    nasPortId: storable(packet.text(ATTR.NAS_PORT_ID)) ?? null,
    sessionSeconds: Math.min(packet.integer(ATTR.ACCT_SESSION_TIME) ?? 0, MAX_SECONDS),
    inputOctets: storableOctets(packet.octets64(ATTR.ACCT_INPUT_OCTETS, ATTR.ACCT_INPUT_GIGAWORDS)),
    outputOctets: storableOctets(packet.octets64(ATTR.ACCT_OUTPUT_OCTETS, ATTR.ACCT_OUTPUT_GIGAWORDS)),
    terminateCause: storableInteger(packet.integer(ATTR.ACCT_TERMINATE_CAUSE)),
  };
}

const KINDS: ReadonlyMap<number, AccountingKind> = new Map([
  [ACCT_STATUS.START, 'start'],
  [ACCT_STATUS.STOP, 'stop'],
  [ACCT_STATUS.INTERIM_UPDATE, 'interim'],
  [ACCT_STATUS.ACCOUNTING_ON, 'on'],
  [ACCT_STATUS.ACCOUNTING_OFF, 'off'],
]);

function kindOf(status: number | undefined): AccountingKind | undefined {
  return status === undefined ? undefined : (KINDS.get(status) ?? 'other');
}

// A visitor can make RouterOS add a Class of his own (form fields of the login page): only one we issued counts.
function claimOf(packet: RadiusPacket, routerId: string, classTokens: ClassTokens): ClassClaim | undefined {
  for (const value of packet.getAll(ATTR.CLASS)) {
    const claim = classTokens.verify(routerId, value);
    if (claim !== undefined) return claim;
  }
  return undefined;
}

const MAX_SKEW_MS = 300_000;

/**
 * When the event happened: Event-Timestamp, unless it differs by more than five minutes from the time of arrival less
 * Acct-Delay-Time; then the latter, as clocks of routers without NTP start in 1970.
 */
export function eventTime(packet: RadiusPacket, receivedAt: Date): number {
  const arrivedMs = receivedAt.getTime() - (packet.integer(ATTR.ACCT_DELAY_TIME) ?? 0) * 1000;
  const stated = packet.integer(ATTR.EVENT_TIMESTAMP);
  if (stated === undefined || Math.abs(stated * 1000 - arrivedMs) > MAX_SKEW_MS) return Math.max(0, arrivedMs);
  return stated * 1000;
}

/** What may differ between a packet and its retransmission (RFC 2866 4.1): left out of the key. */
const VOLATILE: ReadonlySet<number> = new Set([ATTR.ACCT_DELAY_TIME, ATTR.MESSAGE_AUTHENTICATOR, ATTR.PROXY_STATE]);
const MINUTE_MS = 60_000;

/**
 * Same for a packet and its retransmissions. Packets that carry no time of their own, and the On and Off of every reboot,
 * may be alike on different days: the minute of the event keeps those apart. Taking one in twice would do no harm.
 */
function dedupKey({ packet, routerId, receivedAt }: PacketContext, kind: AccountingKind): string {
  const hash = createHash('sha256').update(routerId);
  hashAttributes(hash, packet.raw);
  const timeless = !packet.has(ATTR.EVENT_TIMESTAMP) && !packet.has(ATTR.ACCT_SESSION_TIME);
  if (timeless || kind === 'on' || kind === 'off') {
    hash.update(String(Math.floor(eventTime(packet, receivedAt) / MINUTE_MS)));
  }
  return hash.digest('base64url');
}

function hashAttributes(hash: Hash, raw: Buffer): void {
  for (let at = HEADER_BYTES; at < raw.length;) {
    const end = at + (raw[at + 1] ?? raw.length);
    if (!VOLATILE.has(raw[at] ?? 0)) hash.update(raw.subarray(at, end));
    at = end;
  }
}

/** Without our token: what the NAS calls the session, and who and from where; by bytes, lengths included. */
function hashedSessionKey(packet: RadiusPacket, routerId: string): string {
  const hash = createHash('sha256').update(routerId);
  for (const type of [ATTR.ACCT_SESSION_ID, ATTR.USER_NAME, ATTR.CALLING_STATION_ID]) {
    const value = packet.get(type) ?? Buffer.alloc(0);
    hash.update(Buffer.from([value.length])).update(value);
  }
  return `h.${hash.digest('base64url')}`;
}

const MAX_SECONDS = 2_147_483_647;
const MAX_OCTETS = 2n ** 62n;

function storable(text: string | undefined): string | undefined {
  return text?.replaceAll('\0', '\uFFFD');
}

/** A counter near 2^64 is a broken NAS; it must not poison the sum of input and output. */
function storableOctets(octets: bigint): string {
  return (octets < MAX_OCTETS ? octets : MAX_OCTETS - 1n).toString();
}

function storableInteger(value: number | undefined): number | null {
  return value === undefined || value > MAX_SECONDS ? null : value;
}
