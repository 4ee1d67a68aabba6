import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { sameValue } from '@turnpike/routeros/values.js';
import type { DesiredObject } from './desired-object.js';
import type { ManagedMenu } from './managed-menus.js';
import { isOurName, isTag } from './ownership.js';
import { idNumber, isStatic } from './rows.js';

/** What a property of the row stands for when it is not printed. */
export function valueOf(menu: ManagedMenu, row: RosRow, property: string): string {
  return row[property] ?? menu.absent[property] ?? '';
}

/** Properties of the desired object that the row does not have as wished. */
export function differences(menu: ManagedMenu, desired: DesiredObject, row: RosRow): string[] {
  return Object.entries(desired.properties)
    .filter(([name, wanted]) => !sameValue(menu.kinds[name] ?? 'text', wanted, valueOf(menu, row, name)))
    .map(([name]) => name);
}

/** Whether the row is ours, going by its tag or, where there are no tags or names tell more, its name. */
export function isOurs(menu: ManagedMenu, row: RosRow): boolean {
  const byTag = menu.identity !== 'name' && isTag(row['comment']);
  const byName = (menu.identity === 'name' || menu.identity === 'named') && isOurName(row['name']);
  return byTag || byName;
}

/** Rows that are this very object, the best first: more than one means that somebody copied it. */
export function matchesOf(menu: ManagedMenu, desired: DesiredObject, rows: readonly RosRow[]): RosRow[] {
  if (menu.identity === 'settings') return rows.slice(0, 1);
  const tag = desired.properties['comment'];
  const name = menu.identity === 'tag' ? undefined : desired.properties['name'];
  const named = (row: RosRow): boolean => name !== undefined && row['name'] === name;
  return rows
    .filter((row) => isStatic(row) && (named(row) || (tag !== undefined && row['comment'] === tag)))
    .sort((a, b) => Number(named(b)) - Number(named(a)) || idNumber(a) - idNumber(b));
}

/** Another row that the router would not let stand beside the desired object. */
export function rivalsOf(menu: ManagedMenu, desired: DesiredObject, rows: readonly RosRow[]): RosRow[] {
  if (menu.naturalKey.length === 0) return [];
  return rows.filter(
    (row) =>
      isStatic(row) &&
      menu.naturalKey.every((name) =>
        sameValue(menu.kinds[name] ?? 'text', desired.properties[name] ?? '', valueOf(menu, row, name)),
      ),
  );
}

/** A row without our mark that sits in an object of ours, or is in all else what we want, has only lost the mark. */
export function isStray(menu: ManagedMenu, desired: DesiredObject, row: RosRow): boolean {
  if (menu.parent !== undefined && isOurName(row[menu.parent])) return true;
  return differences(menu, desired, row).every((name) => name === 'comment');
}
