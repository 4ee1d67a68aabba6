import type { Tx } from '@turnpike/db/database.js';
import { beginAtFirstLogin } from '../entitlements/first-login.js';
import type { RateChanger } from '../sessions/rate-changer.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import type { AccountingRecord } from './accounting-record.js';
import { identifySessions } from './session-identity.js';
import { closeSessionsOfRouter, holdRouters } from './session-ledger.store.js';
import { mergeSessions, type SessionChange } from './session-merging.js';
import { combine, NAS_REBOOT, updateOf, type SessionUpdate } from './session-merge.js';
import { settleLimits, type LimitDeps } from './usage-limits.js';
import { addUsage, type Usage } from './usage.store.js';

export interface MergeResult {
  readonly changes: readonly SessionChange[];
  /** New usage of entitlements that have a limit. */
  readonly usages: readonly Usage[];
  /** Records of a router that is gone. */
  readonly orphans: readonly AccountingRecord[];
}

export interface MergeDeps extends LimitDeps {
  readonly endSessions: SessionEnder;
  readonly changeRates: RateChanger;
}

/** Brings records into sessions and entitlements; everything that follows from them is in the same transaction. */
export async function mergeRecords(
  tx: Tx,
  records: readonly AccountingRecord[],
  deps: MergeDeps,
): Promise<MergeResult> {
  if (records.length === 0) return { changes: [], usages: [], orphans: [] };
  const routers = await holdRouters(tx, [...new Set(records.map((record) => record.routerId))].sort());
  const orphans = records.filter((record) => !routers.has(record.routerId));
  const usable = orphans.length === 0 ? records : records.filter((record) => routers.has(record.routerId));
  const ofSessions = usable.filter(({ kind }) => kind === 'start' || kind === 'interim' || kind === 'stop');
  const keys = await identifySessions(tx, ofSessions);
  const merged = await mergeSessions(tx, updatesOf(ofSessions, keys));
  const closed = await closeAfterReboots(tx, usable);
  // Before usage is booked: what has not begun cannot be used up.
  for (const customerId of await beginAtFirstLogin(tx, merged.firstLogins)) await deps.touchCustomer(tx, customerId);
  const usages = await addUsage(tx, merged.deltas);
  await settleLimits(tx, { usages, deltas: merged.deltas, opened: merged.opened }, deps);
  return { changes: [...merged.changes, ...closed], usages, orphans };
}

/** One update per session, in key order. */
function updatesOf(records: readonly AccountingRecord[], keys: ReadonlyMap<AccountingRecord, string>): SessionUpdate[] {
  const byKey = new Map<string, SessionUpdate>();
  for (const record of records) {
    const update = updateOf(record, keys.get(record));
    const known = byKey.get(update.key);
    byKey.set(update.key, known === undefined ? update : combine(known, update));
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
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
