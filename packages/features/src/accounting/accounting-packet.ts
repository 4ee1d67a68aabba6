import { hash } from 'node:crypto';
import { ACCT_STATUS, ATTR } from '@turnpike/radius/attributes.js';
import { HEADER_BYTES, textOf, type RadiusPacket } from '@turnpike/radius/packet.js';
import type { ClassClaim, ClassTokens } from '../access/class-token.js';
import { deviceName } from '../access/device-lease.js';
import type { AccountingKind, AccountingRecord } from './accounting-record.js';

export interface PacketContext {
  readonly packet: RadiusPacket;
  readonly routerId: string;
  readonly receivedAt: Date;
}

export interface RecordDeps {
  readonly classTokens: Pick<ClassTokens, 'verify'>;
  /** The name to store for the bytes of User-Name: a voucher code must not be written down in the clear. */
  readonly nameOf: (userName: Buffer) => string;
  /** Told of packets whose Event-Timestamp lies further back than clocks may differ: old ones sent again, or a wrong clock. */
  readonly onStale?: () => void;
}

/** Offsets in the packet of the first attribute of each type that we read; 0 where there is none. */
type Offsets = readonly number[];

/** The record of a verified Accounting-Request; undefined when it has no Acct-Status-Type, which RFC 2866 5.1 requires. */
export function recordOf(context: PacketContext, deps: RecordDeps): AccountingRecord | undefined {
  const { packet, routerId, receivedAt } = context;
  const { raw } = packet;
  const at = offsetsOf(raw);
  const kind = kindOf(integerAt(raw, at, ATTR.ACCT_STATUS_TYPE));
  if (kind === undefined) return undefined;
  const time = eventTimeOf(raw, at, receivedAt);
  if (time.stale) deps.onStale?.();
  const name = userNameOf(raw, at, deps.nameOf);
  const claim = at[ATTR.CLASS] === 0 ? undefined : claimOf(packet, routerId, deps.classTokens);
  const sessionSeconds = Math.min(integerAt(raw, at, ATTR.ACCT_SESSION_TIME) ?? 0, MAX_SECONDS);
  return {
    dedupKey: dedupKey(context, at, { kind, time, name }),
    routerId,
    kind,
    receivedAt: receivedAt.getTime(),
    eventAt: time.at,
    untimed: !time.trusted,
    sessionKey: claim?.sessionKey ?? hashedSessionKey(raw, at, routerId, name),
    namedStart: claim === undefined ? Math.max(0, (time.ownClock ?? time.at) - sessionSeconds * 1000) : 0,
    entitlementId: claim?.entitlementId ?? null,
    fairUseStep: claim?.fairUseStep ?? 0,
    acctSessionId: textAt(raw, at, ATTR.ACCT_SESSION_ID) ?? '',
    username: name.stored,
    framedIpAddress: ipv4At(raw, at, ATTR.FRAMED_IP_ADDRESS),
    callingStationId: deviceAt(raw, at),
    calledStationId: textAt(raw, at, ATTR.CALLED_STATION_ID) ?? null,
    nasPortId: textAt(raw, at, ATTR.NAS_PORT_ID) ?? null,
    sessionSeconds,
    inputOctets: octetsAt(raw, at, ATTR.ACCT_INPUT_OCTETS, ATTR.ACCT_INPUT_GIGAWORDS),
    outputOctets: octetsAt(raw, at, ATTR.ACCT_OUTPUT_OCTETS, ATTR.ACCT_OUTPUT_GIGAWORDS),
    narrow: isNarrow(at),
    terminateCause: storableInteger(integerAt(raw, at, ATTR.ACCT_TERMINATE_CAUSE)),
  };
}

function offsetsOf(raw: Buffer): Offsets {
  // A typed array of this size would be made outside of the heap, which takes ten times as long.
  const offsets = new Array<number>(ATTR.NAS_PORT_ID + 1).fill(0);
  for (let at = HEADER_BYTES; at < raw.length; at += raw[at + 1] ?? raw.length) {
    const type = raw[at] ?? 0;
    if (offsets[type] === 0) offsets[type] = at;
  }
  return offsets;
}

function valueAt(raw: Buffer, offsets: Offsets, type: number): Buffer | undefined {
  const at = offsets[type] ?? 0;
  return at === 0 ? undefined : raw.subarray(at + 2, at + (raw[at + 1] ?? 0));
}

function integerAt(raw: Buffer, offsets: Offsets, type: number): number | undefined {
  const at = offsets[type] ?? 0;
  return at === 0 || raw[at + 1] !== 6 ? undefined : raw.readUInt32BE(at + 2);
}

function textAt(raw: Buffer, offsets: Offsets, type: number): string | undefined {
  const value = valueAt(raw, offsets, type);
  return value === undefined ? undefined : storable(textOf(value));
}

function ipv4At(raw: Buffer, offsets: Offsets, type: number): string | null {
  const at = offsets[type] ?? 0;
  if (at === 0 || raw[at + 1] !== 6) return null;
  return `${raw[at + 2] ?? 0}.${raw[at + 3] ?? 0}.${raw[at + 4] ?? 0}.${raw[at + 5] ?? 0}`;
}

function deviceAt(raw: Buffer, offsets: Offsets): string | null {
  const value = valueAt(raw, offsets, ATTR.CALLING_STATION_ID);
  return value === undefined ? null : (deviceName(textOf(value)) ?? null);
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

interface UserName {
  readonly stored: string;
  /** What stands for the name in hashes; those of a voucher code could be guessed from, so it is the stored name then. */
  readonly hashed: Buffer | undefined;
}

const NO_NAME: UserName = { stored: '', hashed: undefined };

function userNameOf(raw: Buffer, at: Offsets, nameOf: RecordDeps['nameOf']): UserName {
  const value = valueAt(raw, at, ATTR.USER_NAME);
  if (value === undefined) return NO_NAME;
  const name = nameOf(value);
  return { stored: storable(name), hashed: name === textOf(value) ? value : Buffer.from(name) };
}

// A visitor can make RouterOS add a Class of his own (form fields of the login page): only one we issued counts.
function claimOf(
  packet: RadiusPacket,
  routerId: string,
  classTokens: RecordDeps['classTokens'],
): ClassClaim | undefined {
  for (const value of packet.getAll(ATTR.CLASS)) {
    const claim = classTokens.verify(routerId, value);
    if (claim !== undefined) return claim;
  }
  return undefined;
}

const MAX_SKEW_MS = 300_000;
const MAX_DELAY_SECONDS = 7 * 86_400;
/** 2020. Clocks without a battery start far below. */
const CLOCK_SET_SECONDS = 1_577_836_800;

interface EventTime {
  /** Ms since 1970. */
  readonly at: number;
  /** `at` is what the NAS said. */
  readonly trusted: boolean;
  /** What the NAS said, ms, right or wrong; undefined when it said nothing or has not set its clock since it started. */
  readonly ownClock: number | undefined;
  /** The NAS named a time that lies further back than clocks may differ. */
  readonly stale: boolean;
}

/**
 * When the event happened: Event-Timestamp, unless it differs by more than five minutes from the time of arrival less
 * Acct-Delay-Time; then the latter. A delay of more than a week is not believed either.
 */
function eventTimeOf(raw: Buffer, at: Offsets, receivedAt: Date): EventTime {
  const delay = integerAt(raw, at, ATTR.ACCT_DELAY_TIME) ?? 0;
  const arrivedMs = Math.max(0, receivedAt.getTime() - (delay > MAX_DELAY_SECONDS ? 0 : delay * 1000));
  const stated = integerAt(raw, at, ATTR.EVENT_TIMESTAMP);
  if (stated === undefined) return { at: arrivedMs, trusted: false, ownClock: undefined, stale: false };
  const statedMs = stated * 1000;
  const ownClock = stated < CLOCK_SET_SECONDS ? undefined : statedMs;
  const trusted = Math.abs(statedMs - arrivedMs) <= MAX_SKEW_MS;
  return { at: trusted ? statedMs : arrivedMs, trusted, ownClock, stale: statedMs < arrivedMs - MAX_SKEW_MS };
}

const MINUTE_MS = 60_000;
/** 24 characters of base64url: 144 bits. */
const KEY_CHARACTERS = 24;

/**
 * Same for a packet and its retransmissions. Packets that carry no time of their own, and the On and Off of every reboot,
 * may be alike on different days: the minute of the event keeps those apart. Taking one in twice would do no harm.
 */
function dedupKey(
  { packet: { raw }, routerId }: PacketContext,
  at: Offsets,
  { kind, time, name }: { kind: AccountingKind; time: EventTime; name: UserName },
): string {
  const timeless = at[ATTR.EVENT_TIMESTAMP] === 0 && at[ATTR.ACCT_SESSION_TIME] === 0;
  const minute = timeless || kind === 'on' || kind === 'off' ? Math.floor((time.ownClock ?? time.at) / MINUTE_MS) : 0;
  const message = Buffer.allocUnsafe(MINUTE_BYTES + routerId.length + raw.length + MAX_NAME_BYTES);
  message.writeDoubleBE(minute, 0);
  let end = MINUTE_BYTES + message.write(routerId, MINUTE_BYTES, 'latin1');
  end = copyLasting(raw, name.hashed, message, end);
  return hash('sha256', message.subarray(0, end), 'base64url').slice(0, KEY_CHARACTERS);
}

const MINUTE_BYTES = 8;
const MAX_NAME_BYTES = 1024;

/** Copies the attributes but for those that may differ between a packet and its retransmission (RFC 2866 4.1). */
function copyLasting(raw: Buffer, userName: Buffer | undefined, target: Buffer, offset: number): number {
  let end = offset;
  let from = HEADER_BYTES;
  for (let at = HEADER_BYTES; at < raw.length;) {
    const type = raw[at] ?? 0;
    const next = at + (raw[at + 1] ?? raw.length);
    const named = type === ATTR.USER_NAME;
    if (named || type === ATTR.ACCT_DELAY_TIME || type === ATTR.MESSAGE_AUTHENTICATOR || type === ATTR.PROXY_STATE) {
      end += raw.copy(target, end, from, named ? at + 2 : at);
      if (named && userName !== undefined) end += userName.copy(target, end);
      from = next;
    }
    at = next;
  }
  return end + raw.copy(target, end, from);
}

/** Without our token: what the NAS calls the session, and who and from where; by bytes, lengths included. */
function hashedSessionKey(raw: Buffer, at: Offsets, routerId: string, name: UserName): string {
  const parts: Buffer[] = [Buffer.from(routerId, 'latin1')];
  const id = valueAt(raw, at, ATTR.ACCT_SESSION_ID);
  for (const value of [id, name.hashed, valueAt(raw, at, ATTR.CALLING_STATION_ID)]) {
    parts.push(Buffer.from([value?.length ?? 0]), value ?? NO_BYTES);
  }
  return `h.${hash('sha256', Buffer.concat(parts), 'base64url')}`;
}

const NO_BYTES = Buffer.alloc(0);
const MAX_SECONDS = 2_147_483_647;
const GIGAWORD = 4_294_967_296;
const MAX_OCTETS = 2n ** 62n;
/** Below it a counter is exact as a number. */
const EXACT_GIGAWORDS = 2 ** 21;

function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** A counter near 2^64 is a broken NAS; it must not poison the sum of input and output. */
function octetsAt(raw: Buffer, at: Offsets, octetsType: number, gigawordsType: number): string {
  const octets = integerAt(raw, at, octetsType) ?? 0;
  const gigawords = integerAt(raw, at, gigawordsType) ?? 0;
  if (gigawords < EXACT_GIGAWORDS) return String(gigawords * GIGAWORD + octets);
  const total = BigInt(gigawords) * BigInt(GIGAWORD) + BigInt(octets);
  return (total < MAX_OCTETS ? total : MAX_OCTETS - 1n).toString();
}

/** Both counters are there and at least one lacks its upper half. */
function isNarrow(at: Offsets): boolean {
  if (at[ATTR.ACCT_INPUT_OCTETS] === 0 || at[ATTR.ACCT_OUTPUT_OCTETS] === 0) return false;
  return at[ATTR.ACCT_INPUT_GIGAWORDS] === 0 || at[ATTR.ACCT_OUTPUT_GIGAWORDS] === 0;
}

function storableInteger(value: number | undefined): number | null {
  return value === undefined || value > MAX_SECONDS ? null : value;
}
