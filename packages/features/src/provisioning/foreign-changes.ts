import type { PlanConflict } from '@turnpike/contracts/provisioning.js';
import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { sameValue } from '@turnpike/routeros/values.js';
import { describeRow } from './conflicts.js';
import { rowOf, type JournalRecord } from './journal.js';
import { managedMenu, managedMenus, type ManagedMenu } from './managed-menus.js';
import { isAsWished, isOurs, valueOf } from './matching.js';
import { isOurName } from './ownership.js';
import { isStatic, rowsOf } from './rows.js';
import type { RouterSnapshot } from './router-snapshot.js';
import { othersIn } from './routers-own-pages.js';

/** What the entries about one object amount to. */
interface Footprint {
  readonly path: string;
  readonly key: string;
  readonly menu: ManagedMenu;
  /** Newest id under which the run knew it. */
  readonly rosId: string | null;
  /** Whether the run left it there; undefined: it was there before and only changed. */
  readonly made: boolean | undefined;
  /** What the run left in its properties. */
  readonly left: Readonly<Record<string, string>>;
  /** What these properties, or the whole row, were before the run. */
  readonly before: Readonly<Record<string, string | null>>;
  /** The run found it there. */
  readonly wasThere: boolean;
}

/**
 * What somebody else changed on the router since the run wrote it: taking the run back would overwrite that, or leave it
 * in the air. Rows that are gone and values that are already as before are no obstacle. Pure.
 */
export function foreignChanges(records: readonly JournalRecord[], snapshot: RouterSnapshot): PlanConflict[] {
  const footprints = footprintsOf(records.filter((record) => record.state !== 'undone'));
  return footprints.flatMap((footprint) => {
    const rows = rowsOf(snapshot, footprint.path);
    if (footprint.made === false) return inTheWay(footprint, rows);
    const row = rowOf(footprint, footprint.menu, rows, 'key');
    if (row === undefined) return [];
    const users = footprint.made === true ? usersOf(footprint, snapshot, footprints) : [];
    return [...changedValues(footprint, row), ...users];
  });
}

/** What is not as it was before the run although all of it was taken back, as sentences; empty: all is well. */
export function notRestored(records: readonly JournalRecord[], snapshot: RouterSnapshot): PlanConflict[] {
  return footprintsOf(records).flatMap((footprint) => {
    const { path, key, menu, wasThere, before } = footprint;
    const rows = rowsOf(snapshot, path);
    const row = rowOf(footprint, menu, rows, 'key');
    const remedy = 'Look at it on the router and put it right by hand.';
    if (row === undefined) {
      // A row that was only changed and that somebody has removed since is nobody's to bring back.
      if (!wasThere || footprint.made === undefined) return [];
      return [{ path, key, message: `${path} ${key} was there before and could not be put back.`, remedy }];
    }
    // A folder in which somebody else has something stays for their sake.
    if (!wasThere && path === '/file' && othersIn(key, rows).length > 0) return [];
    if (!wasThere) return [{ path, key, message: `${describeRow(menu, row)} is still there.`, remedy }];
    const wrong = Object.entries(before).filter(
      ([name, old]) => !isAsWished(menu, name, wordFor(menu, name, old), row),
    );
    return wrong.map(([name, old]) => ({
      path,
      key,
      message: `${name} of ${describeRow(menu, row)} is ${quoted(row[name])} and was ${quoted(old)}.`,
      remedy,
    }));
  });
}

function footprintsOf(records: readonly JournalRecord[]): Footprint[] {
  const found = new Map<string, Footprint>();
  for (const record of [...records].sort((a, b) => a.seq - b.seq)) {
    const name = `${record.path} ${record.key}`;
    found.set(name, withEntry(found.get(name), record));
  }
  return [...found.values()];
}

function withEntry(known: Footprint | undefined, record: JournalRecord): Footprint {
  const { path, key, op } = record;
  const wasThere = known?.wasThere ?? op !== 'add';
  const same = {
    path,
    key,
    menu: managedMenu(path),
    rosId: record.rosId ?? known?.rosId ?? null,
    wasThere,
    // The oldest value is the one to go back to; an object that the run made has none.
    before: wasThere ? { ...record.before, ...known?.before } : {},
  };
  switch (op) {
    case 'add':
      return { ...same, made: true, left: record.sent };
    case 'set':
      return { ...same, made: known?.made, left: { ...known?.left, ...record.sent } };
    case 'remove':
      return { ...same, made: false, left: {} };
  }
}

function changedValues({ path, key, menu, left, before }: Footprint, row: RosRow): PlanConflict[] {
  return Object.entries(left)
    .filter(([name, value]) => {
      const old = before[name];
      const asBefore = old !== undefined && isAsWished(menu, name, wordFor(menu, name, old), row);
      return !asBefore && !isAsWished(menu, name, value, row);
    })
    .map(([name, value]) => ({
      path,
      key,
      message: `${name} of ${describeRow(menu, row)} is ${quoted(row[name])} now; the deploy had set ${quoted(value)}.`,
      remedy:
        'Set it back on the router, or deploy again so that it is as it should be; then roll back. What somebody set by hand is not thrown away.',
    }));
}

/** A row that took the place of one that the run removed. */
function inTheWay({ path, key, menu, before }: Footprint, rows: readonly RosRow[]): PlanConflict[] {
  if (menu.naturalKey.length === 0 || rowOf({ rosId: null, key }, menu, rows, 'key') !== undefined) return [];
  const rival = rows.find(
    (row) =>
      isStatic(row) &&
      menu.naturalKey.every((name) =>
        sameValue(menu.kinds[name] ?? 'text', before[name] ?? '', valueOf(menu, row, name)),
      ),
  );
  if (rival === undefined) return [];
  return [
    {
      path,
      key,
      message: `${describeRow(menu, rival)} stands where ${key} was, which the deploy had removed.`,
      remedy: 'Remove it on the router if it is not needed, then roll back.',
    },
  ];
}

/** Rows of others that would be left pointing at nothing. */
function usersOf({ path, key, menu }: Footprint, snapshot: RouterSnapshot, all: readonly Footprint[]): PlanConflict[] {
  if ((menu.identity !== 'named' && menu.identity !== 'name') || !isOurName(key)) return [];
  const written = new Set(all.flatMap((one) => (one.rosId === null ? [] : [`${one.path} ${one.rosId}`])));
  return managedMenus
    .filter((other) => other.path !== '/file' && other.identity !== 'settings')
    .flatMap((other) => rowsOf(snapshot, other.path).map((row) => ({ other, row })))
    .filter(
      ({ other, row }) => isStatic(row) && !isOurs(other, row) && !written.has(`${other.path} ${row['.id'] ?? ''}`),
    )
    .filter(({ other, row }) => Object.keys(other.kinds).some((name) => name !== 'name' && row[name] === key))
    .map(({ other, row }) => ({
      path,
      key,
      message: `${describeRow(other, row)} uses ${path} ${key}, which would go.`,
      remedy: 'Change or remove that row on the router first, then roll back.',
    }));
}

function wordFor(menu: ManagedMenu, name: string, old: string | null): string {
  return old ?? menu.absent[name] ?? '';
}

function quoted(value: string | null | undefined): string {
  return value === undefined || value === null || value === '' ? 'empty' : `"${value}"`;
}
