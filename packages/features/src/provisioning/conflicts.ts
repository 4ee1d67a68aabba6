import type { PlanConflict } from '@turnpike/contracts/provisioning.js';
import type { RosRow } from '@turnpike/routeros/ros-session.js';
import type { DesiredObject } from './desired-object.js';
import type { ManagedMenu } from './managed-menus.js';

/** A row for people: where it is and what it is about. */
export function describeRow(menu: ManagedMenu, row: RosRow): string {
  if (menu.identity === 'settings') return menu.path;
  const where =
    menu.parent === undefined || menu.naturalKey.includes(menu.parent)
      ? ''
      : `, ${menu.parent} ${valueText(row, menu.parent)}`;
  return `${menu.path} ${wordsFor(menu, row)} (${row['.id'] ?? '?'}${where})`;
}

function wordsFor(menu: ManagedMenu, row: RosRow): string {
  if (menu.naturalKey.length === 0) return row['name'] ?? valueText(row, 'comment');
  return menu.naturalKey.map((name) => `${name}=${valueText(row, name)}`).join(' ');
}

function valueText(row: RosRow, property: string): string {
  return row[property] ?? '';
}

export function missingMenu(desired: DesiredObject): PlanConflict {
  return {
    path: desired.path,
    key: desired.key,
    message: `The router has no ${desired.path}.`,
    remedy: 'Enable or install the RouterOS package that provides it (/system package) and restart the router.',
  };
}

export function rivalConflict(desired: DesiredObject, menu: ManagedMenu, row: RosRow): PlanConflict {
  const base = { path: desired.path, key: desired.key };
  if (menu.path === '/interface/bridge/port') {
    return {
      ...base,
      message: `${valueText(row, 'interface')} is already a port of bridge ${valueText(row, 'bridge')}.`,
      remedy: 'Choose another interface, or deploy with takeInterfaces to move it into the hotspot.',
    };
  }
  return {
    ...base,
    message: `${describeRow(menu, row)} is in the way and does not belong to Turnpike.`,
    remedy: 'Remove or change it on the router, or choose other interfaces or addresses for the service.',
  };
}
