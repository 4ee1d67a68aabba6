import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '@turnpike/db/database.js';
import type { FirstLogin } from '../entitlements/first-login.js';
import { addSamples, samplesOf } from './counter-sample.store.js';
import { unwrap, WRAP_FALL, type CounterSample } from './counter-wraps.js';
import {
  lockSessions,
  openSessions,
  saveCounters,
  saveSessions,
  type LedgerRow,
  type NewSession,
} from './session-ledger.store.js';
import { applyUpdate, type SessionState, type SessionUpdate } from './session-merge.js';
import { bookingsByUsername, bookingsOfEntitlements, type UsageDelta } from './usage.store.js';

/** A session after the merge, for those who are told once it is committed. */
export interface SessionChange {
  readonly id: string;
  readonly key: string;
  readonly username: string;
  readonly entitlementId: string | null;
  readonly callingStationId: string | null;
  readonly state: SessionState;
  /** False when only counters moved. */
  readonly stateChanged: boolean;
}

export interface MergedSessions {
  readonly changes: readonly SessionChange[];
  /** What is new since the sessions were last booked; summed per entitlement, in order of ids. */
  readonly deltas: readonly UsageDelta[];
  /** Sessions that were not known before, go on, and whose rate depends on usage. */
  readonly opened: readonly LedgerRow[];
  /** What was waiting for these sessions to begin. */
  readonly firstLogins: readonly FirstLogin[];
}

interface Step {
  /** Undefined for a session that was not known. */
  readonly before: LedgerRow | undefined;
  readonly update: SessionUpdate;
  readonly after: LedgerRow;
}

const ID_BYTES = 16;

/** `updates`: one per session, in key order. */
export async function mergeSessions(tx: Tx, updates: readonly SessionUpdate[]): Promise<MergedSessions> {
  if (updates.length === 0) return { changes: [], deltas: [], opened: [], firstLogins: [] };
  const known = await lockByKey(tx, updates);
  const missing = known.size === updates.length ? [] : updates.filter((update) => !known.has(update.key));
  const { opened, lost } = await openMissing(tx, missing);
  for (const [key, row] of await lockByKey(tx, lost)) known.set(key, row);
  const steps: Step[] = opened.map(({ row, update }) => ({ before: undefined, update, after: row }));
  for (const update of updates) {
    const before = known.get(update.key);
    if (before !== undefined) steps.push({ before, update, after: nextRow(before, update) });
  }
  const raised = await raisedByWraps(tx, steps);
  const settled =
    raised.size === 0 ? steps : steps.map((step) => ({ ...step, after: raised.get(step.after.id) ?? step.after }));
  await save(tx, settled, raised);
  return {
    changes: settled.map(({ before, after }) => changeOf(after, before?.state !== after.state)),
    deltas: deltasOf(settled),
    opened: opened.filter(({ row, hasSteps }) => hasSteps && row.state !== 'closed').map(({ row }) => row),
    firstLogins: opened.flatMap(firstLoginOf),
  };
}

async function save(tx: Tx, steps: readonly Step[], raised: ReadonlyMap<string, LedgerRow>): Promise<void> {
  const [counters, whole]: [LedgerRow[], LedgerRow[]] = [[], []];
  for (const { before, after } of steps) {
    if (before === undefined && !raised.has(after.id)) continue;
    (before !== undefined && movesCountersOnly(before, after) ? counters : whole).push(after);
  }
  await saveCounters(tx, counters);
  await saveSessions(tx, whole);
}

function movesCountersOnly(before: LedgerRow, after: LedgerRow): boolean {
  return (
    before.state === after.state &&
    before.stoppedAt === after.stoppedAt &&
    before.terminateCause === after.terminateCause &&
    before.startedAt === after.startedAt &&
    before.framedIpAddress === after.framedIpAddress &&
    before.callingStationId === after.callingStationId &&
    before.calledStationId === after.calledStationId &&
    before.nasPortId === after.nasPortId
  );
}

async function lockByKey(tx: Tx, updates: readonly SessionUpdate[]): Promise<Map<string, LedgerRow>> {
  if (updates.length === 0) return new Map();
  const rows = await lockSessions(
    tx,
    updates.map((update) => update.key),
  );
  return new Map(rows.map((row) => [row.key, row]));
}

/** `lost`: what another drain has opened meanwhile. */
async function openMissing(
  tx: Tx,
  missing: readonly SessionUpdate[],
): Promise<{ opened: NewSession[]; lost: SessionUpdate[] }> {
  if (missing.length === 0) return { opened: [], lost: [] };
  const claimed = [...new Set(missing.flatMap((update) => update.entitlementId ?? []))].sort();
  const byEntitlement = await bookingsOfEntitlements(tx, claimed);
  const byUsername = await bookingsByUsername(
    tx,
    missing.filter((update) => update.entitlementId === null),
  );
  // Asking for randomness costs more than an id: once for all of them.
  const random = randomBytes(ID_BYTES * missing.length);
  const sessions = missing.map((update, at) => {
    const id = uuidv7({ random: random.subarray(at * ID_BYTES, (at + 1) * ID_BYTES) });
    const { entitlementId, key } = update;
    const booking = entitlementId === null ? byUsername.get(key) : byEntitlement.get(entitlementId);
    const row = newRow(id, update, booking?.entitlementId ?? null);
    return {
      row,
      update,
      customerId: booking?.customerId ?? null,
      service: booking?.service ?? null,
      hasSteps: booking?.hasSteps ?? false,
      waits: booking?.waits ?? false,
    };
  });
  const taken = await openSessions(tx, sessions);
  return {
    opened: sessions.filter(({ row }) => !taken.has(row.key)),
    lost: missing.filter((update) => taken.has(update.key)),
  };
}

function firstLoginOf({ row: { entitlementId, startedAt }, waits }: NewSession): FirstLogin[] {
  return waits && entitlementId !== null ? [{ entitlementId, startedAt: new Date(startedAt) }] : [];
}

function newRow(id: string, update: SessionUpdate, entitlementId: string | null): LedgerRow {
  const { key, username, fairUseStep } = update;
  const bare = { ...update, state: 'open' as const, stoppedAt: null, terminateCause: null };
  return { id, key, username, entitlementId, fairUseStep, ...applyUpdate(bare, update) };
}

function nextRow(before: LedgerRow, update: SessionUpdate): LedgerRow {
  const { id, key, username, entitlementId, fairUseStep } = before;
  return { id, key, username, entitlementId, fairUseStep, ...applyUpdate(before, update) };
}

/**
 * Where a NAS sends no Gigawords, all samples of the session together tell how often its counters began anew: gives the
 * rows, by id, whose bytes they tell. As long as no counter is beyond 2^31 none can have fallen so far, so they need not be
 * read.
 */
async function raisedByWraps(tx: Tx, steps: readonly Step[]): Promise<Map<string, LedgerRow>> {
  const narrow = steps.filter(({ update }) => update.samples.length > 0);
  if (narrow.length === 0) return new Map();
  await addSamples(
    tx,
    narrow.flatMap(({ after, update }) => update.samples.map((sample) => ({ sessionId: after.id, ...sample }))),
  );
  const wide = narrow.filter(({ after }) => after.inputOctets > WRAP_FALL || after.outputOctets > WRAP_FALL);
  if (wide.length === 0) return new Map();
  const samples = await samplesOf(
    tx,
    wide.map(({ after }) => after.id),
  );
  return new Map(wide.map(({ after }) => [after.id, raisedRow(after, samples.get(after.id) ?? [])]));
}

function raisedRow(row: LedgerRow, samples: readonly CounterSample[]): LedgerRow {
  const { inputOctets, outputOctets } = unwrap(samples);
  return {
    ...row,
    inputOctets: inputOctets > row.inputOctets ? inputOctets : row.inputOctets,
    outputOctets: outputOctets > row.outputOctets ? outputOctets : row.outputOctets,
  };
}

function deltasOf(steps: readonly Step[]): UsageDelta[] {
  const sums = new Map<string, UsageDelta>();
  for (const { before, after } of steps) {
    const { entitlementId } = after;
    if (entitlementId === null) continue;
    const octets = after.inputOctets - (before?.inputOctets ?? 0n) + after.outputOctets - (before?.outputOctets ?? 0n);
    const seconds = BigInt(after.sessionSeconds - (before?.sessionSeconds ?? 0));
    if (octets === 0n && seconds === 0n) continue;
    const sum = sums.get(entitlementId);
    sums.set(entitlementId, {
      entitlementId,
      octets: octets + (sum?.octets ?? 0n),
      seconds: seconds + (sum?.seconds ?? 0n),
    });
  }
  return [...sums.values()].sort((a, b) => (a.entitlementId < b.entitlementId ? -1 : 1));
}

function changeOf(row: LedgerRow, stateChanged: boolean): SessionChange {
  const { id, key, username, entitlementId, callingStationId, state } = row;
  return { id, key, username, entitlementId, callingStationId, state, stateChanged };
}
