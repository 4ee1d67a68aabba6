import { z } from 'zod';

/** `other`: a status type we have no use for (tunnels, links); acknowledged and kept, but it touches no session. */
export const accountingKinds = ['start', 'interim', 'stop', 'on', 'off', 'other'] as const;
export type AccountingKind = (typeof accountingKinds)[number];

/** One Accounting-Request as it is kept. Texts have no NUL, as PostgreSQL takes none. Times in ms since 1970. */
export interface AccountingRecord {
  /** Hash of router and packet without what changes in a retransmission; base64url. */
  readonly dedupKey: string;
  readonly routerId: string;
  readonly kind: AccountingKind;
  /** When we received it. */
  readonly receivedAt: number;
  /** When it happened: see `eventTimeOf`. */
  readonly eventAt: number;
  /** No clock we trust says when it was sent, so it may be an old packet sent again. */
  readonly untimed: boolean;
  /** Identity of the session: `c.` and our Class token's, else `h.` and a hash of what the NAS calls it. */
  readonly sessionKey: string;
  /** Of sessions without our token: when the session began by the NAS's own clock; else 0. */
  readonly namedStart: number;
  /** From our Class token. */
  readonly entitlementId: string | null;
  /** From our Class token: the fair-use step whose rate the NAS was given, 0 the full rate. */
  readonly fairUseStep: number;
  readonly acctSessionId: string;
  readonly username: string;
  readonly framedIpAddress: string | null;
  /** One spelling per device, see `deviceName`. */
  readonly callingStationId: string | null;
  readonly calledStationId: string | null;
  readonly nasPortId: string | null;
  /** Acct-Session-Time, seconds. */
  readonly sessionSeconds: number;
  /** 64-bit, decimal digits. */
  readonly inputOctets: string;
  readonly outputOctets: string;
  /** A counter came without Gigawords: it may have begun anew after 2^32. */
  readonly narrow: boolean;
  readonly terminateCause: number | null;
}

/**
 * The record as text for the stream and `accounting_record.body`: a JSON array, as short as JSON can be. In order: 2 (the
 * format), dedupKey, routerId, kind, receivedAt, eventAt, untimed (0 or 1), sessionKey, namedStart, entitlementId,
 * fairUseStep, acctSessionId, username, framedIpAddress, callingStationId, calledStationId, nasPortId, sessionSeconds,
 * inputOctets, outputOctets, narrow (0 or 1), terminateCause.
 */
export function encodeRecord(record: AccountingRecord): string {
  return JSON.stringify([
    2,
    record.dedupKey,
    record.routerId,
    record.kind,
    record.receivedAt,
    record.eventAt,
    record.untimed ? 1 : 0,
    record.sessionKey,
    record.namedStart,
    record.entitlementId,
    record.fairUseStep,
    record.acctSessionId,
    record.username,
    record.framedIpAddress,
    record.callingStationId,
    record.calledStationId,
    record.nasPortId,
    record.sessionSeconds,
    record.inputOctets,
    record.outputOctets,
    record.narrow ? 1 : 0,
    record.terminateCause,
  ]);
}

/** The record that `encodeRecord` or the first format wrote; undefined for any other text. */
export function decodeRecord(text: string): AccountingRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Array.isArray(value) ? fromArray(value) : fromFirstFormat(value);
}

// Our own writing is only checked for its shape: a schema for every field would cost more than all else that reading takes.
function fromArray(value: readonly unknown[]): AccountingRecord | undefined {
  const [
    format,
    dedupKey,
    routerId,
    kind,
    receivedAt,
    eventAt,
    untimed,
    sessionKey,
    namedStart,
    entitlementId,
    ...rest
  ] = value;
  const [fairUseStep, acctSessionId, username, framedIpAddress, callingStationId, calledStationId, ...measures] = rest;
  const [nasPortId, sessionSeconds, inputOctets, outputOctets, narrow, terminateCause] = measures;
  if (format !== 2 || !isText(dedupKey) || !isText(routerId) || !isKind(kind) || !isText(sessionKey)) return undefined;
  if (!isInteger(receivedAt) || !isInteger(eventAt) || !isInteger(namedStart) || !isInteger(fairUseStep))
    return undefined;
  if (!isTextOrNull(entitlementId) || !isText(acctSessionId) || !isText(username)) return undefined;
  if (!isTextOrNull(framedIpAddress) || !isTextOrNull(callingStationId)) return undefined;
  if (!isTextOrNull(calledStationId) || !isTextOrNull(nasPortId)) return undefined;
  if (!isInteger(sessionSeconds) || !isDigits(inputOctets) || !isDigits(outputOctets)) return undefined;
  if (terminateCause !== null && !isInteger(terminateCause)) return undefined;
  return {
    dedupKey,
    routerId,
    kind,
    receivedAt,
    eventAt,
    untimed: untimed === 1,
    sessionKey,
    namedStart,
    entitlementId,
    fairUseStep,
    acctSessionId,
    username,
    framedIpAddress,
    callingStationId,
    calledStationId,
    nasPortId,
    sessionSeconds,
    inputOctets,
    outputOctets,
    narrow: narrow === 1,
    terminateCause,
  };
}

const KINDS: ReadonlySet<unknown> = new Set(accountingKinds);
const MAX_DIGITS = 20;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isKind(value: unknown): value is AccountingKind {
  return KINDS.has(value);
}

function isDigits(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_DIGITS) return false;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code < DIGIT_0 || code > DIGIT_9) return false;
  }
  return true;
}

const digits = z.string().regex(/^\d{1,20}$/);

/** Written by the first release; may still wait in a stream or in the table after an upgrade. */
const firstFormat = z.object({
  v: z.literal(1),
  dedupKey: z.string().min(1).max(100),
  routerId: z.uuid(),
  kind: z.enum(accountingKinds),
  receivedAt: z.number().int(),
  eventAt: z.number().int(),
  sessionKey: z.string().min(1).max(100),
  entitlementId: z.uuid().nullable(),
  acctSessionId: z.string(),
  username: z.string(),
  framedIpAddress: z.string().nullable(),
  callingStationId: z.string().nullable(),
  calledStationId: z.string().nullable(),
  nasPortId: z.string().nullable(),
  sessionSeconds: z.number().int(),
  inputOctets: digits,
  outputOctets: digits,
  terminateCause: z.number().int().nullable(),
});

function fromFirstFormat(value: unknown): AccountingRecord | undefined {
  const { success, data } = firstFormat.safeParse(value);
  if (!success) return undefined;
  const { v: _format, ...fields } = data;
  const namedStart = Math.max(0, fields.eventAt - fields.sessionSeconds * 1000);
  return { ...fields, untimed: false, namedStart, fairUseStep: 0, narrow: false };
}
