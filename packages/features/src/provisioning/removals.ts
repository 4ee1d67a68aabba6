import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { managedMenus, type ManagedMenu } from './managed-menus.js';
import { isOurs } from './matching.js';
import type { RemoveOperation } from './plan.js';
import { isStatic, rowsOf } from './rows.js';
import type { RouterSnapshot } from './router-snapshot.js';

export interface LeavingRow {
  readonly path: string;
  readonly row: RosRow;
}

export function rowKey(path: string, row: RosRow): string {
  return `${path} ${row['.id'] ?? 'settings'}`;
}

/** Rows that are ours but stand for nothing in the desired state, doubles among them. */
export function obsoleteRows(actual: RouterSnapshot, kept: ReadonlySet<string>): LeavingRow[] {
  return managedMenus
    .filter((menu) => menu.identity !== 'settings')
    .flatMap((menu) =>
      rowsOf(actual, menu.path)
        .filter((row) => isStatic(row) && isOurs(menu, row) && !kept.has(rowKey(menu.path, row)))
        .map((row) => ({ path: menu.path, row })),
    );
}

/** Children before parents, and in one menu the last row first. */
export function removalsInOrder(actual: RouterSnapshot, removals: readonly LeavingRow[]): RemoveOperation[] {
  const reversed = [...managedMenus].reverse();
  return reversed.flatMap((menu) => {
    const rows = rowsOf(actual, menu.path);
    const leaving = new Set(removals.map(({ row }) => row));
    return removals
      .filter(({ path }) => path === menu.path)
      .sort((a, b) => rows.indexOf(b.row) - rows.indexOf(a.row))
      .map(({ row }) => removal(menu, row, rows, leaving));
  });
}

function removal(
  menu: ManagedMenu,
  row: RosRow,
  rows: readonly RosRow[],
  leaving: ReadonlySet<RosRow>,
): RemoveOperation {
  const before = Object.entries(row).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && entry[0] in menu.kinds && !menu.secrets.includes(entry[0]),
  );
  // Rows are put back in front of one that stayed: those that leave as well come back under another id.
  const next = rows.slice(rows.indexOf(row) + 1).find((other) => isStatic(other) && !leaving.has(other));
  return {
    op: 'remove',
    path: menu.path,
    key: keyOf(menu, row),
    rosId: row['.id'] ?? '',
    before: Object.fromEntries(before),
    successor: menu.ordered ? next?.['.id'] : undefined,
  };
}

function keyOf(menu: ManagedMenu, row: RosRow): string {
  const name = menu.identity === 'tag' ? undefined : row['name'];
  return name ?? row['comment'] ?? row['.id'] ?? '';
}
