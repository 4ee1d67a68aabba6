import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { parseBoolean } from '@turnpike/routeros/values.js';
import type { RouterSnapshot } from './router-snapshot.js';

export function rowsOf(snapshot: RouterSnapshot, path: string): readonly RosRow[] {
  return snapshot.menus.get(path) ?? [];
}

/** Whether a flag such as `dynamic` is printed as true; absent counts as false. */
export function isOn(row: RosRow, flag: string): boolean {
  return parseBoolean(row[flag] ?? 'false') === true;
}

/** Rows that somebody entered: neither made by the router for itself nor there from the beginning. */
export function isStatic(row: RosRow): boolean {
  return !isOn(row, 'dynamic') && !isOn(row, 'default') && !isOn(row, 'builtin');
}

/** Ids are hexadecimal numbers after a star; the lower one was made earlier. */
export function idNumber(row: RosRow): number {
  return Number.parseInt((row['.id'] ?? '*0').slice(1), 16);
}
