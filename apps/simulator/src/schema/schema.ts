import { accessMenus } from './access-menus.js';
import type { Arg } from './arg.js';
import { firewallMenus } from './firewall-menus.js';
import { hotspotMenus } from './hotspot-menus.js';
import { interfaceMenus } from './interface-menus.js';
import { ipMenus } from './ip-menus.js';
import type { Menu, VerbSpec } from './menu.js';
import { systemMenus, toolMenus } from './system-menus.js';
import { existsIn, type RosVersion } from './version.js';

/** Every menu the simulator knows, of all versions. */
export const allMenus: readonly Menu[] = [
  ...interfaceMenus,
  ...ipMenus,
  ...hotspotMenus,
  ...firewallMenus,
  ...accessMenus,
  ...systemMenus,
  ...toolMenus,
];

/** The command tree of one RouterOS version. */
export interface Schema {
  menu(path: string): Menu | undefined;
  /** True for a menu and for a mere directory above one, such as `/ip`. */
  isDirectory(path: string): boolean;
  menus(): readonly Menu[];
}

function pick<T extends { readonly since?: string; readonly until?: string }>(
  version: RosVersion,
  items: Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(Object.entries(items).filter(([, item]) => existsIn(version, item)));
}

export function schemaOf(version: RosVersion): Schema {
  const menus = allMenus
    .filter((menu) => existsIn(version, menu))
    .map((menu) => ({
      ...menu,
      args: pick<Arg>(version, menu.args),
      verbs: Object.fromEntries(
        Object.entries(pick<VerbSpec>(version, menu.verbs)).map(([verb, spec]) => [
          verb,
          { ...spec, args: pick<Arg>(version, spec.args) },
        ]),
      ),
    }));
  const byPath = new Map(menus.map((menu) => [menu.path, menu]));
  return {
    menu: (path) => byPath.get(path),
    isDirectory: (path) => byPath.has(path) || menus.some((menu) => menu.path.startsWith(`${path}/`)),
    menus: () => menus,
  };
}
