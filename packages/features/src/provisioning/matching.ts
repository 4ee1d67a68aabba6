import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { sameValue } from '@turnpike/routeros/values.js';
import type { DesiredObject } from './desired-object.js';
import type { ManagedMenu } from './managed-menus.js';
import { isOurFile, isOurName, isTag } from './ownership.js';
import { idNumber, isStatic } from './rows.js';

/** What a property of the row stands for when it is not printed. */
export function valueOf(menu: ManagedMenu, row: RosRow, property: string): string {
  return row[property] ?? menu.absent[property] ?? '';
}

/** Properties of the desired object that the row does not have as wished. */
export function differences(menu: ManagedMenu, desired: DesiredObject, row: RosRow): string[] {
  return Object.entries(desired.properties)
    .filter(([name, wanted]) => !isAsWished(menu, name, wanted, row))
    .map(([name]) => name);
}

/** Whether a property of the row has the value that is wanted, in whatever spelling. */
export function isAsWished(menu: ManagedMenu, name: string, wanted: string, row: RosRow): boolean {
  // Routers leave the contents of some files out; then the size has to do.
  const hidden = menu.path === '/file' && name === 'contents' && row['contents'] === undefined;
  if (hidden) return row['size'] === String(Buffer.byteLength(wanted));
  return sameValue(menu.kinds[name] ?? 'text', wanted, valueOf(menu, row, name));
}

/** Whether the row is ours, going by its tag or, where there are no tags or names tell more, its name. */
export function isOurs(menu: ManagedMenu, row: RosRow): boolean {
  if (menu.path === '/file') return isOurFile(row['name']);
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
