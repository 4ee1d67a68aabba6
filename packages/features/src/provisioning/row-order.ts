import type { RosRow } from '@turnpike/routeros/ros-session.js';
import type { DesiredObject } from './desired-object.js';
import type { ManagedMenu } from './managed-menus.js';
import { FORWARD_CHAIN, INPUT_CHAIN } from './ownership.js';
import { isOn, isStatic, rowsOf } from './rows.js';
import type { RouterSnapshot } from './router-snapshot.js';

interface PlacedObject {
  readonly desired: DesiredObject;
  readonly menu: ManagedMenu;
  readonly row: RosRow | undefined;
}

const OWN_CHAINS = [INPUT_CHAIN, FORWARD_CHAIN];

/** Objects whose row stands where it does not do its work: out of turn in our chain, or behind a FastTrack rule. */
export function chainOrder(objects: readonly PlacedObject[], actual: RouterSnapshot): ReadonlySet<DesiredObject> {
  const misplaced = new Set<DesiredObject>();
  for (const chain of OWN_CHAINS) {
    const placed = objects.filter(({ desired, row }) => row !== undefined && desired.properties['chain'] === chain);
    for (const desired of outOfTurn(placed, actual)) misplaced.add(desired);
  }
  for (const { desired, row } of objects) {
    if (desired.first === true && row !== undefined && isBehindFastTrack(desired, row, actual)) misplaced.add(desired);
  }
  return misplaced;
}

/** Everything from the first row on that stands before one it should follow. */
function outOfTurn(placed: readonly PlacedObject[], actual: RouterSnapshot): DesiredObject[] {
  const positions = placed.map(({ desired, row }) =>
    row === undefined ? -1 : rowsOf(actual, desired.path).indexOf(row),
  );
  const first = positions.findIndex((position, turn) => turn > 0 && position < (positions[turn - 1] ?? 0));
  return first < 0 ? [] : placed.slice(first).map(({ desired }) => desired);
}

function isBehindFastTrack(desired: DesiredObject, row: RosRow, actual: RouterSnapshot): boolean {
  const rows = rowsOf(actual, desired.path);
  return rows
    .slice(0, rows.indexOf(row))
    .some(
      (other) =>
        isStatic(other) &&
        !isOn(other, 'disabled') &&
        other['action'] === 'fasttrack-connection' &&
        other['chain'] === desired.properties['chain'],
    );
}

/**
 * Id of the row before which a new one has to be put; undefined: at the end. A dynamic row cannot be named here, and a row
 * that is about to be removed should not be.
 */
export function insertionPoint(
  desired: DesiredObject,
  objects: readonly PlacedObject[],
  rows: readonly RosRow[],
  isLeaving: (row: RosRow) => boolean,
): string | undefined {
  if (desired.first === true) return rows.find((row) => isStatic(row) && !isLeaving(row))?.['.id'];
  const chain = desired.properties['chain'];
  if (chain === undefined || !OWN_CHAINS.includes(chain)) return undefined;
  const later = objects
    .slice(objects.findIndex((one) => one.desired === desired) + 1)
    .find((one) => one.desired.properties['chain'] === chain && one.row !== undefined && !isLeaving(one.row));
  return later?.row?.['.id'];
}
