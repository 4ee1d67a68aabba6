import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '@turnpike/db/database.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import type { AccountingRecord } from './accounting-record.js';
import { applyUpdate, combine, NAS_REBOOT, updateOf, type SessionState, type SessionUpdate } from './session-merge.js';
import {
  closeSessionsOfRouter,
  holdRouters,
  lockSessions,
  openSessions,
  saveSessions,
  type LedgerRow,
} from './session-ledger.store.js';
import {
  addUsage,
  bookingsByUsername,
  bookingsOfEntitlements,
  exhaustOverQuota,
  type Usage,
  type UsageDelta,
} from './usage.store.js';

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

export interface MergeResult {
  readonly changes: readonly SessionChange[];
  readonly usages: readonly Usage[];
  /** Dedup keys of records of a router that is gone. */
  readonly orphans: readonly string[];
}

export interface MergeDeps {
  readonly endSessions: SessionEnder;
  /** Moves the customer's revision and has the RADIUS snapshot rewritten. */
  readonly touchCustomer: (tx: Tx, customerId: string) => Promise<unknown>;
}

/** Brings records into sessions and entitlements; everything that follows from them is in the same transaction. */
export async function mergeRecords(
  tx: Tx,
  records: readonly AccountingRecord[],
  deps: MergeDeps,
): Promise<MergeResult> {
  const routers = await holdRouters(tx, unique(records.map((record) => record.routerId)));
  const orphans = records.filter((record) => !routers.has(record.routerId)).map((record) => record.dedupKey);
  const usable = records.filter((record) => routers.has(record.routerId));
  const merged = await mergeSessions(tx, updatesOf(usable));
  const closed = await closeAfterReboots(tx, usable);
  const usages = await addUsage(tx, merged.deltas);
  await endExhausted(tx, usages, deps);
  return { changes: [...merged.changes, ...closed], usages, orphans };
}

/** One update per session, in key order. */
function updatesOf(records: readonly AccountingRecord[]): SessionUpdate[] {
  const byKey = new Map<string, SessionUpdate>();
  for (const record of records) {
    if (record.kind === 'on' || record.kind === 'off' || record.kind === 'other') continue;
    const update = updateOf(record);
    const known = byKey.get(update.key);
    byKey.set(update.key, known === undefined ? update : combine(known, update));
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function mergeSessions(
  tx: Tx,
  updates: readonly SessionUpdate[],
): Promise<{ changes: SessionChange[]; deltas: UsageDelta[] }> {
  if (updates.length === 0) return { changes: [], deltas: [] };
  const keys = updates.map((update) => update.key);
  let rows = new Map((await lockSessions(tx, keys)).map((row) => [row.key, row]));
  const before = new Set(rows.keys());
  const missing = updates.filter((update) => !before.has(update.key));
  if (missing.length > 0) {
    await openMissing(tx, missing);
    rows = new Map((await lockSessions(tx, keys)).map((row) => [row.key, row]));
  }
  const merged = updates.flatMap((update) => {
    const row = rows.get(update.key);
    return row === undefined ? [] : [{ row, next: { ...row, ...applyUpdate(row, update) } }];
  });
  await saveSessions(
    tx,
    merged.map(({ next }) => next),
  );
  return {
    changes: merged.map(({ row, next }) => changeOf(next, !before.has(row.key) || row.state !== next.state)),
    deltas: deltasOf(merged),
  };
}

async function openMissing(tx: Tx, missing: readonly SessionUpdate[]): Promise<void> {
  const claimed = unique(missing.flatMap((update) => update.entitlementId ?? []));
  const byEntitlement = await bookingsOfEntitlements(tx, claimed);
  const byUsername = await bookingsByUsername(
    tx,
    missing.filter((update) => update.entitlementId === null),
  );
  await openSessions(
    tx,
    missing.map((update) => {
      const booking =
        update.entitlementId === null ? byUsername.get(update.key) : byEntitlement.get(update.entitlementId);
      return {
        id: uuidv7(),
        update,
        customerId: booking?.customerId ?? null,
        entitlementId: booking?.entitlementId ?? null,
      };
    }),
  );
}

/** What is new since a session was last booked; summed per entitlement, in order of ids. */
function deltasOf(merged: readonly { row: LedgerRow; next: LedgerRow }[]): UsageDelta[] {
  const sums = new Map<string, UsageDelta>();
  for (const { row, next } of merged) {
    if (next.entitlementId === null) continue;
    const octets = next.inputOctets - row.inputOctets + next.outputOctets - row.outputOctets;
    const seconds = BigInt(next.sessionSeconds - row.sessionSeconds);
    if (octets === 0n && seconds === 0n) continue;
    const sum = sums.get(next.entitlementId);
    sums.set(next.entitlementId, {
      entitlementId: next.entitlementId,
      octets: octets + (sum?.octets ?? 0n),
      seconds: seconds + (sum?.seconds ?? 0n),
    });
  }
  return [...sums.values()];
}

async function closeAfterReboots(tx: Tx, records: readonly AccountingRecord[]): Promise<SessionChange[]> {
  const changes: SessionChange[] = [];
  for (const record of records) {
    if (record.kind !== 'on' && record.kind !== 'off') continue;
    const closed = await closeSessionsOfRouter(tx, record.routerId, new Date(record.eventAt), NAS_REBOOT);
    changes.push(...closed.map((row) => ({ ...row, state: 'closed' as const, stateChanged: true })));
  }
  return changes;
}

async function endExhausted(tx: Tx, usages: readonly Usage[], deps: MergeDeps): Promise<void> {
  const over = usages.filter(({ quotaOctets, usedOctets }) => quotaOctets !== null && usedOctets >= quotaOctets);
  const exhausted = await exhaustOverQuota(
    tx,
    over.map((usage) => usage.entitlementId),
  );
  for (const { entitlementId, customerId } of exhausted) {
    await deps.touchCustomer(tx, customerId);
    await deps.endSessions(tx, { entitlementId, reason: 'data is used up', actor: 'system' });
  }
}

function changeOf(row: LedgerRow, stateChanged: boolean): SessionChange {
  const { id, key, username, entitlementId, callingStationId, state } = row;
  return { id, key, username, entitlementId, callingStationId, state, stateChanged };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
