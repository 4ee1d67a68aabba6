import { alertKindOf, type AlertKind } from '@turnpike/contracts/alert-kinds.js';
import type { AlertRule } from './alert-rule.js';
import type { AlertRow } from './alert.store.js';
import type { Finding, Findings } from './finding.js';

/** Seen twice at least so far apart, it is no accident: the second sweep after the first. */
export const OPEN_AFTER_MS = 10_000;
const MINUTE_MS = 60_000;

/** A finding with what it is held against. */
export interface Seen {
  readonly rule: AlertRule;
  readonly finding: Finding;
}

/** What one look at everything comes to. */
export interface AlertChanges {
  readonly appeared: readonly Seen[];
  /** Going on, opened or not. */
  readonly seen: readonly (Seen & { readonly row: AlertRow })[];
  readonly opened: readonly string[];
  /** Not seen any more, but not for long enough. */
  readonly cleared: readonly string[];
  readonly resolved: readonly string[];
  readonly forgotten: readonly string[];
}

/** Found of the kinds that were looked for; a kind that is switched off is not among them. */
export type FoundOfKind = ReadonlyMap<AlertKind, { readonly rule: AlertRule; readonly findings: Findings }>;

/** Compares what is found with what is known. Nothing here waits, so all of it is of one moment. */
export function changesOf(known: readonly AlertRow[], found: FoundOfKind, now: Date): AlertChanges {
  const rows = new Map(known.map((row) => [keyOf(row.kind, row.subjectId), row]));
  const changes = { appeared: [], seen: [], opened: [], cleared: [], resolved: [], forgotten: [] };
  const result: Writable = changes;
  const stillSeen = new Set<string>();
  for (const [kind, { rule, findings }] of found) {
    for (const finding of findings === 'unknown' ? [] : findings) {
      const key = keyOf(kind, finding.subjectId);
      const row = rows.get(key);
      stillSeen.add(key);
      if (row === undefined) result.appeared.push({ rule, finding });
      else noteAgain(result, row, { rule, finding }, now);
    }
  }
  for (const [key, row] of rows) if (!stillSeen.has(key)) noteGone(result, row, found, now);
  return result;
}

type Writable = { -readonly [Field in keyof AlertChanges]: AlertChanges[Field][number][] };

function noteAgain(changes: Writable, row: AlertRow, seen: Seen, now: Date): void {
  changes.seen.push({ ...seen, row });
  const isOld = now.getTime() - row.firstSeenAt.getTime() >= OPEN_AFTER_MS;
  if (row.openedAt === null && isOld) changes.opened.push(row.id);
}

function noteGone(changes: Writable, row: AlertRow, found: FoundOfKind, now: Date): void {
  const kind = alertKindOf(row.kind);
  const looked = kind === undefined ? undefined : found.get(kind);
  // Seen once: only twice in a row would make it something.
  if (row.openedAt === null) changes.forgotten.push(row.id);
  else if (looked === undefined) changes.resolved.push(row.id);
  else if (looked.findings === 'unknown') return;
  else if (looked.rule.clearMinutes === 0) changes.resolved.push(row.id);
  else if (row.clearSince === null) changes.cleared.push(row.id);
  else if (now.getTime() - row.clearSince.getTime() >= looked.rule.clearMinutes * MINUTE_MS) {
    changes.resolved.push(row.id);
  }
}

function keyOf(kind: string, subjectId: string): string {
  return `${kind} ${subjectId}`;
}
