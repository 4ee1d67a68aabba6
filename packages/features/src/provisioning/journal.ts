import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { sameValue } from '@turnpike/routeros/values.js';
import { managedMenu, type ManagedMenu } from './managed-menus.js';
import type { Operation } from './plan.js';
import { isStatic } from './rows.js';

/** What the journal says about one write: it was about to happen, and whether it is known to have happened. */
export interface JournalRecord {
  readonly seq: number;
  readonly op: Operation['op'];
  readonly path: string;
  readonly key: string;
  /** Of the row that was added, set or removed; null for a settings menu and for an add whose answer never came. */
  readonly rosId: string | null;
  readonly before: Readonly<Record<string, string | null>> | null;
  /** What an add or a set gave the row, secrets left out. */
  readonly sent: Readonly<Record<string, string>>;
  readonly successor: string | null;
  readonly state: 'intended' | 'done' | 'undone';
}

/** What takes one write back, given the rows of its menu as they are now. */
export type Undo =
  | { readonly op: 'nothing' }
  | { readonly op: 'remove'; readonly rosId: string }
  | {
      readonly op: 'set';
      readonly rosId: string | undefined;
      readonly attributes: Readonly<Record<string, string>>;
      /** Properties that had no value at all and have no word for that. */
      readonly unset: readonly string[];
    }
  | {
      readonly op: 'add';
      readonly attributes: Readonly<Record<string, string>>;
      readonly placeBefore: string | undefined;
    };

/**
 * How the row of an entry is found. `id`: only the very row that was written, as a run that is still at work knows it.
 * `key`: the one that has our key now, because a later run may have taken it away and put it back under a new id.
 */
export type Seek = 'id' | 'key';

const NOTHING: Undo = { op: 'nothing' };

/** The writes still to be taken back, the last one first. */
export function undoOrder(records: readonly JournalRecord[]): JournalRecord[] {
  return records.filter((record) => record.state !== 'undone').sort((a, b) => b.seq - a.seq);
}

/**
 * Decided by what is there now, so that it may be asked again after a lost answer: an add is taken back where the row
 * is found, a set where a value differs from the old one, a remove where the row is gone.
 */
export function undoOf(record: JournalRecord, rows: readonly RosRow[], seek: Seek = 'id'): Undo {
  const menu = managedMenu(record.path);
  switch (record.op) {
    case 'add':
      return undoAdd(record, menu, rows, seek);
    case 'set':
      return undoSet(record, menu, rows, seek);
    case 'remove':
      return undoRemove(record, menu, rows);
  }
}

function undoAdd(record: JournalRecord, menu: ManagedMenu, rows: readonly RosRow[], seek: Seek): Undo {
  const row = record.rosId === null ? byKey(record, menu, rows) : rowOf(record, menu, rows, seek);
  const rosId = row?.['.id'];
  return rosId === undefined ? NOTHING : { op: 'remove', rosId };
}

function undoSet(record: JournalRecord, menu: ManagedMenu, rows: readonly RosRow[], seek: Seek): Undo {
  const row = rowOf(record, menu, rows, seek);
  if (row === undefined) return NOTHING;
  const attributes: Record<string, string> = {};
  const unset: string[] = [];
  for (const [name, old] of Object.entries(record.before ?? {})) {
    const now = row[name] ?? null;
    if (now === old || (now !== null && old !== null && sameValue(menu.kinds[name] ?? 'text', now, old))) continue;
    const word = old ?? (name === 'comment' ? '' : menu.absent[name]);
    if (word === undefined) unset.push(name);
    else attributes[name] = word;
  }
  const rosId = menu.identity === 'settings' ? undefined : row['.id'];
  const same = unset.length === 0 && Object.keys(attributes).length === 0;
  return same ? NOTHING : { op: 'set', rosId, attributes, unset };
}

function undoRemove(record: JournalRecord, menu: ManagedMenu, rows: readonly RosRow[]): Undo {
  if (byId(record, rows) !== undefined || byKey(record, menu, rows) !== undefined) return NOTHING;
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(record.before ?? {})) if (value !== null) attributes[name] = value;
  const successor = rows.find((row) => row['.id'] === record.successor && isStatic(row));
  return { op: 'add', attributes, placeBefore: successor?.['.id'] };
}

/** The row that an entry is about, as it is now. */
export function rowOf(
  record: Pick<JournalRecord, 'rosId' | 'key'>,
  menu: ManagedMenu,
  rows: readonly RosRow[],
  seek: Seek,
): RosRow | undefined {
  if (menu.identity === 'settings') return rows[0];
  if (seek === 'id') return byId(record, rows);
  const ours = rows.filter((row) => hasKey(record, menu, row));
  return byId(record, ours) ?? ours[0] ?? byId(record, rows);
}

function byId(record: Pick<JournalRecord, 'rosId'>, rows: readonly RosRow[]): RosRow | undefined {
  return record.rosId === null ? undefined : rows.find((row) => row['.id'] === record.rosId);
}

function byKey(record: Pick<JournalRecord, 'key'>, menu: ManagedMenu, rows: readonly RosRow[]): RosRow | undefined {
  return rows.find((row) => hasKey(record, menu, row));
}

function hasKey({ key }: Pick<JournalRecord, 'key'>, menu: ManagedMenu, row: RosRow): boolean {
  return isStatic(row) && (menu.identity === 'tag' ? row['comment'] === key : row['name'] === key);
}
