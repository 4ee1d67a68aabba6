import type { Arg, ValueType } from '../schema/arg.js';
import type { Menu } from '../schema/menu.js';
import { atLeast } from '../schema/version.js';
import { argumentValue } from './argument-value.js';
import { initialValues, type RouterState } from './router-state.js';
import { noSuchItem, RouterTrap, unknownParameter } from './router-trap.js';
import type { Row } from './table.js';

export type Arguments = Readonly<Record<string, string>>;

/** Menus whose dynamic rows an operator may remove: they are sessions, not configuration. */
const REMOVABLE_DYNAMIC = new Set([
  '/ip/hotspot/active',
  '/ip/hotspot/host',
  '/ip/hotspot/cookie',
  '/ip/dhcp-server/lease',
  '/ip/firewall/address-list',
  '/ip/arp',
  '/ppp/active',
  '/user/active',
  '/queue/simple',
]);

/** Checks and normalises what was given; an empty text takes an optional property away. */
function checkedArguments(state: RouterState, menu: Menu, args: Arguments): Record<string, string | undefined> {
  const values: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(args)) {
    const argument = menu.args[name];
    if (argument === undefined) throw unknownParameter();
    values[name] = takesAway(name, argument, value)
      ? undefined
      : argumentValue(name, value, argument.type, (path, wanted) => state.resolveName(path, wanted));
  }
  return values;
}

function takesAway(name: string, argument: Arg, value: string): boolean {
  if (value !== '' || argument.required === true) return false;
  if (name === 'comment') return true;
  return argument.type.kind === 'negatable' || (argument.initial === undefined && argument.type.kind !== 'text');
}

function refuseMissing(state: RouterState, menu: Menu, args: Arguments): void {
  const missing = Object.entries(menu.args)
    .filter(([name, argument]) => argument.required === true && args[name] === undefined)
    .map(([name]) => name);
  if (missing.length === 0) return;
  if (!atLeast(state.version, '7.0')) throw new RouterTrap(`missing =${missing[0] ?? ''}=`);
  throw new RouterTrap(`missing value(s) of argument(s) ${missing.join(' ')}`);
}

function rowsForUniqueness(state: RouterState, menu: Menu): readonly Row[] {
  const isInterface = menu.path.startsWith('/interface/') && menu.unique[0]?.refusal.includes('interface with such');
  return isInterface === true ? state.rows('/interface') : state.table(menu.path).rows;
}

function refuseDuplicate(state: RouterState, menu: Menu, props: Arguments, self: string | undefined): void {
  for (const rule of menu.unique) {
    if (props[rule.properties[0] ?? ''] === undefined) continue;
    const twin = rowsForUniqueness(state, menu).find(
      (row) => row.id !== self && !row.dynamic && rule.properties.every((name) => row.props[name] === props[name]),
    );
    if (twin !== undefined) throw new RouterTrap(rule.refusal);
  }
}

function freeName(state: RouterState, menu: Menu, stem: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${stem}${number}`;
    if (rowsForUniqueness(state, menu).every((row) => row.props['name'] !== name)) return name;
  }
}

function defined(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}

function refuseByDeviceMode(state: RouterState, menu: Menu): void {
  if (menu.path === '/system/scheduler' && !state.allowedByDeviceMode('scheduler')) {
    throw new RouterTrap('failure: not allowed by device-mode');
  }
}

function placeBefore(state: RouterState, menu: Menu, target: string | undefined): string | undefined {
  if (target === undefined) return undefined;
  const row = state.table(menu.path).byId(target);
  if (row === undefined) throw noSuchItem();
  if (row.dynamic) throw new RouterTrap('failure: cannot move before dynamic item');
  return row.id;
}

/** Adds a row and returns it; throws RouterTrap in the router's words. */
export function addRow(state: RouterState, menu: Menu, args: Arguments): Row {
  refuseByDeviceMode(state, menu);
  const { 'place-before': before, ...given } = args;
  if (before !== undefined && !menu.ordered) throw unknownParameter();
  const values = checkedArguments(state, menu, given);
  refuseMissing(state, menu, given);
  const props = { ...initialValues(menu), ...defined(values) };
  if (menu.args['name'] !== undefined && menu.nameStem !== undefined && props['name'] === undefined) {
    props['name'] = freeName(state, menu, menu.nameStem);
  }
  refuseDuplicate(state, menu, props, undefined);
  const row = state.table(menu.path).insert(props, { before: placeBefore(state, menu, before) });
  state.changed({ path: menu.path, verb: 'add', row });
  return row;
}

/** Rows meant by `*1`, a name, or a comma list of both. */
export function findRows(state: RouterState, path: string, numbers: string): Row[] {
  const rows = state.rows(path);
  return numbers.split(',').map((wanted) => {
    // A name of /ip/service hits the row of an open connection, which comes after the static one.
    const row =
      rows.find((one) => one.id === wanted) ?? rows.findLast((one) => one.props['name'] === wanted && wanted !== '');
    if (row === undefined) throw noSuchItem();
    return row;
  });
}

function refuseDynamic(path: string, row: Row): void {
  if (!row.dynamic) return;
  throw new RouterTrap(
    path === '/ip/service' ? 'failure: this is configured elsewhere' : 'failure: can not change dynamic item',
  );
}

export function setRow(state: RouterState, menu: Menu, row: Row, args: Arguments): void {
  refuseDynamic(menu.path, row);
  const home = state.homeOf(menu.path, row);
  const values = checkedArguments(state, menu, args);
  const next = defined({ ...row.props, ...values });
  refuseDuplicate(state, state.schema.menu(home) ?? menu, next, row.id);
  const oldName = row.props['name'];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete row.props[name];
    else row.props[name] = value;
  }
  const newName = row.props['name'];
  if (oldName !== undefined && newName !== undefined && newName !== oldName)
    renameReferences(state, home, oldName, newName);
  state.changed({ path: home, verb: 'set', row });
}

export function setSettings(state: RouterState, menu: Menu, args: Arguments): void {
  const values = checkedArguments(state, menu, args);
  Object.assign(state.settings(menu.path), defined(values));
  state.changed({ path: menu.path, verb: 'set', row: undefined });
}

export function unsetProperty(state: RouterState, menu: Menu, row: Row, property: string): void {
  refuseDynamic(menu.path, row);
  const argument = menu.args[property];
  if (argument === undefined) throw new RouterTrap('input does not match any value of value-name', 1);
  if (argument.initial !== undefined && argument.type.kind !== 'negatable') row.props[property] = argument.initial;
  else delete row.props[property];
  state.changed({ path: menu.path, verb: 'set', row });
}

export function removeRow(state: RouterState, menu: Menu, row: Row): void {
  if (row.dynamic && !REMOVABLE_DYNAMIC.has(menu.path)) throw new RouterTrap('failure: can not remove dynamic item');
  if (row.props['default'] === 'true' || row.props['builtin'] === 'true') {
    throw new RouterTrap('failure: can not remove default item');
  }
  state.table(menu.path).remove(row.id);
  const name = row.props['name'];
  // What pointed at the object keeps pointing at its id: a deleted bridge leaves its port rows behind.
  if (name !== undefined) renameReferences(state, menu.path, name, row.id);
  state.changed({ path: menu.path, verb: 'remove', row });
}

export function moveRows(
  state: RouterState,
  menu: Menu,
  ids: readonly string[],
  destination: string | undefined,
): void {
  if (destination !== undefined && state.table(menu.path).byId(destination) === undefined) throw noSuchItem();
  state.table(menu.path).move(ids, destination);
  state.changed({ path: menu.path, verb: 'move', row: undefined });
}

function refersTo(type: ValueType, path: string): boolean {
  switch (type.kind) {
    case 'ref':
      return type.path === path || (type.path === '/interface' && path.startsWith('/interface/'));
    case 'list':
    case 'negatable':
      return refersTo(type.of, path);
    case 'either':
      return type.types.some((one) => refersTo(one, path));
    default:
      return false;
  }
}

function renameReferences(state: RouterState, path: string, from: string, to: string): void {
  for (const menu of state.schema.menus()) {
    const names = Object.entries(menu.args).filter(([, argument]) => refersTo(argument.type, path));
    if (names.length === 0 || menu.path === '/interface') continue;
    const holders =
      menu.kind === 'list' ? state.table(menu.path).rows.map((row) => row.props) : [state.settings(menu.path)];
    for (const props of holders) {
      for (const [name] of names) replaceReference(props, name, from, to);
    }
  }
}

function replaceReference(props: Record<string, string>, name: string, from: string, to: string): void {
  const value = props[name];
  if (value === undefined) return;
  const swap = (part: string): string => (part === from ? to : part === `!${from}` ? `!${to}` : part);
  props[name] = value.split(',').map(swap).join(',');
}
