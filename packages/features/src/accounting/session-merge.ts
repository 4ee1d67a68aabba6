import type { AccountingRecord } from './accounting-record.js';
import type { CounterSample } from './counter-wraps.js';

/** A Stop, by the NAS or in its place. */
export interface SessionStop {
  readonly at: number;
  readonly cause: number;
}

/** What the packets of one session say together. Times in ms since 1970, counters in bytes. */
export interface SessionUpdate {
  readonly key: string;
  readonly routerId: string;
  readonly entitlementId: string | null;
  readonly acctSessionId: string;
  readonly username: string;
  readonly framedIpAddress: string | null;
  readonly callingStationId: string | null;
  readonly calledStationId: string | null;
  readonly nasPortId: string | null;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly stop: SessionStop | null;
  readonly sessionSeconds: number;
  readonly inputOctets: bigint;
  readonly outputOctets: bigint;
  /** Fair-use step whose rate the NAS was given when it let the customer in. */
  readonly fairUseStep: number;
  /** Of packets without Gigawords. */
  readonly samples: readonly CounterSample[];
}

export type SessionState = 'open' | 'closing' | 'closed' | 'stale';

/** The stored side of a session. */
export interface SessionFacts {
  readonly state: SessionState;
  readonly framedIpAddress: string | null;
  readonly callingStationId: string | null;
  readonly calledStationId: string | null;
  readonly nasPortId: string | null;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly stoppedAt: number | null;
  /** Null: closed without a Stop of the NAS (or not closed); 0: the Stop gave none. */
  readonly terminateCause: number | null;
  readonly sessionSeconds: number;
  readonly inputOctets: bigint;
  readonly outputOctets: bigint;
}

/** Acct-Terminate-Cause NAS Reboot (RFC 2866 5.10). */
export const NAS_REBOOT = 11;
const NOT_TOLD = 0;

/** `key`: of the session, where the record's own is only a name that the NAS may use again. */
export function updateOf(record: AccountingRecord, key = record.sessionKey): SessionUpdate {
  return {
    key,
    routerId: record.routerId,
    entitlementId: record.entitlementId,
    acctSessionId: record.acctSessionId,
    username: record.username,
    framedIpAddress: record.framedIpAddress,
    callingStationId: record.callingStationId,
    calledStationId: record.calledStationId,
    nasPortId: record.nasPortId,
    startedAt: Math.max(0, record.eventAt - record.sessionSeconds * 1000),
    lastSeenAt: record.receivedAt,
    stop: record.kind === 'stop' ? { at: record.eventAt, cause: record.terminateCause ?? NOT_TOLD } : null,
    sessionSeconds: record.sessionSeconds,
    inputOctets: BigInt(record.inputOctets),
    outputOctets: BigInt(record.outputOctets),
    fairUseStep: record.fairUseStep,
    samples: record.narrow ? [sampleOf(record)] : [],
  };
}

function sampleOf(record: AccountingRecord): CounterSample {
  return {
    seconds: record.sessionSeconds,
    ended: record.kind === 'stop',
    inputOctets: Number(BigInt.asUintN(32, BigInt(record.inputOctets))),
    outputOctets: Number(BigInt.asUintN(32, BigInt(record.outputOctets))),
  };
}

/** Any order and any number of copies of the packets give the same: least start, greatest counters, the Stop if there is one. */
export function combine(a: SessionUpdate, b: SessionUpdate): SessionUpdate {
  return {
    ...a,
    entitlementId: a.entitlementId ?? b.entitlementId,
    framedIpAddress: known(a.framedIpAddress, b.framedIpAddress),
    callingStationId: known(a.callingStationId, b.callingStationId),
    calledStationId: known(a.calledStationId, b.calledStationId),
    nasPortId: known(a.nasPortId, b.nasPortId),
    startedAt: Math.min(a.startedAt, b.startedAt),
    lastSeenAt: Math.max(a.lastSeenAt, b.lastSeenAt),
    sessionSeconds: Math.max(a.sessionSeconds, b.sessionSeconds),
    inputOctets: greater(a.inputOctets, b.inputOctets),
    outputOctets: greater(a.outputOctets, b.outputOctets),
    stop: a.stop === null || b.stop === null ? (a.stop ?? b.stop) : earlier(a.stop, b.stop),
    fairUseStep: Math.max(a.fairUseStep, b.fairUseStep),
    samples: b.samples.length === 0 ? a.samples : [...a.samples, ...b.samples],
  };
}

/** The row as it is after the update; commutative and idempotent like `combine`. */
export function applyUpdate(row: SessionFacts, update: SessionUpdate): SessionFacts {
  const stop = stopOf(row, update);
  // Spelled out: this runs for every packet, and copying objects is what it would spend its time on.
  return {
    state: stateOf(row, update, stop),
    framedIpAddress: known(row.framedIpAddress, update.framedIpAddress),
    callingStationId: known(row.callingStationId, update.callingStationId),
    calledStationId: known(row.calledStationId, update.calledStationId),
    nasPortId: known(row.nasPortId, update.nasPortId),
    startedAt: Math.min(row.startedAt, update.startedAt),
    lastSeenAt: Math.max(row.lastSeenAt, update.lastSeenAt),
    stoppedAt: stop?.at ?? null,
    terminateCause: stop?.cause ?? null,
    sessionSeconds: Math.max(row.sessionSeconds, update.sessionSeconds),
    inputOctets: greater(row.inputOctets, update.inputOctets),
    outputOctets: greater(row.outputOctets, update.outputOctets),
  };
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** Of two different values, always the same one, whichever came first. */
function known(a: string | null, b: string | null): string | null {
  if (a === null || b === null || a === b) return a ?? b;
  return a > b ? a : b;
}

function earlier(a: SessionStop, b: SessionStop): SessionStop {
  if (a.at !== b.at) return a.at < b.at ? a : b;
  return a.cause < b.cause ? a : b;
}

type RowStop = { readonly at: number; readonly cause: number | null };

function stopOf(row: SessionFacts, update: SessionUpdate): RowStop | undefined {
  if (row.stoppedAt === null) return update.stop ?? undefined;
  const stored: RowStop = { at: row.stoppedAt, cause: row.terminateCause };
  if (update.stop === null) return provenAlive(row, update) ? undefined : stored;
  if (row.terminateCause === null) return update.stop;
  if (row.terminateCause === NAS_REBOOT && update.stop.cause !== NAS_REBOOT) return update.stop;
  return earlier({ at: row.stoppedAt, cause: row.terminateCause }, update.stop);
}

/** Closed in the NAS's silence, and now it speaks of the session as running. */
function provenAlive(row: SessionFacts, update: SessionUpdate): boolean {
  return row.terminateCause === null && update.lastSeenAt > row.lastSeenAt;
}

function stateOf(row: SessionFacts, update: SessionUpdate, stop: RowStop | undefined): SessionState {
  if (stop !== undefined) return 'closed';
  if (row.state === 'closed') return 'open';
  return row.state === 'stale' && update.lastSeenAt > row.lastSeenAt ? 'open' : row.state;
}
