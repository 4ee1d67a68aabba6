import type { RosValueKind } from '@turnpike/routeros/values.js';

/**
 * How an object of the menu is recognised. `tag`: by its comment. `name`: by its name, the menu has no comments.
 * `named`: by either; one that was lost is put back. `settings`: there is exactly one.
 */
export type Identity = 'tag' | 'name' | 'named' | 'settings';

/** One RouterOS menu as far as it is ours to manage. */
export interface ManagedMenu {
  readonly path: string;
  readonly identity: Identity;
  /** The properties we set, and how two values of each are compared. No other property is ever written. */
  readonly kinds: Readonly<Record<string, RosValueKind>>;
  /** What a property that is not printed stands for; where it is not listed: nothing at all. */
  readonly absent: Readonly<Record<string, string>>;
  /** Properties that the router may mask or leave out. */
  readonly secrets: readonly string[];
  /** The router takes one row for each combination of these; empty when it does not care. */
  readonly naturalKey: readonly string[];
  /** A row whose property here is one of our names sits inside an object of ours. */
  readonly parent: string | undefined;
  /** The order of its rows means something. */
  readonly ordered: boolean;
  /** Properties that only came with a version. */
  readonly since: Readonly<Record<string, string>>;
}

interface MenuDetails {
  readonly absent?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly naturalKey?: readonly string[];
  readonly parent?: string;
  readonly ordered?: boolean;
  readonly since?: Readonly<Record<string, string>>;
}

function menu(
  path: string,
  identity: Identity,
  kinds: Readonly<Record<string, RosValueKind>>,
  details: MenuDetails = {},
): ManagedMenu {
  const name: Record<string, RosValueKind> = identity === 'name' || identity === 'named' ? { name: 'text' } : {};
  const comment: Record<string, RosValueKind> = identity === 'tag' || identity === 'named' ? { comment: 'text' } : {};
  return {
    path,
    identity,
    kinds: { ...name, ...kinds, ...comment },
    absent: { disabled: 'false', ...details.absent },
    secrets: details.secrets ?? [],
    naturalKey: details.naturalKey ?? [],
    parent: details.parent,
    ordered: details.ordered ?? false,
    since: details.since ?? {},
  };
}

/** Version 6 knows no comments here; the name is enough. */
const COMMENTS_CAME_LATER = { comment: '7.0' };

/* A word such as `default` beside yes and no is compared as it stands, so `boolean` fits those as well. */

const rule: Readonly<Record<string, RosValueKind>> = {
  chain: 'text',
  action: 'text',
  'jump-target': 'text',
  'src-address': 'address',
  'in-interface': 'text',
  'in-interface-list': 'text',
  protocol: 'text',
  'dst-port': 'list',
  disabled: 'boolean',
};

/**
 * The order in which objects are made; they are removed the other way round. Whatever keeps customers in check comes
 * before whatever lets them in, so bridge ports are last: until a port joins, nobody notices that we are here.
 */
export const managedMenus: readonly ManagedMenu[] = [
  menu('/system/identity', 'settings', { name: 'text' }),
  menu('/interface/bridge', 'named', { 'protocol-mode': 'text', disabled: 'boolean' }),
  menu('/interface/list', 'named', {}),
  menu(
    '/ip/address',
    'tag',
    { address: 'address', interface: 'text', disabled: 'boolean' },
    { naturalKey: ['address', 'interface'], parent: 'interface' },
  ),
  menu('/ip/pool', 'named', { ranges: 'list' }, { since: COMMENTS_CAME_LATER }),
  menu(
    '/ip/dhcp-server/network',
    'tag',
    { address: 'address', gateway: 'list', 'dns-server': 'list' },
    { naturalKey: ['address'] },
  ),
  menu(
    '/ip/dhcp-server',
    'named',
    {
      interface: 'text',
      'address-pool': 'text',
      'lease-time': 'duration',
      authoritative: 'boolean',
      disabled: 'boolean',
    },
    { naturalKey: ['interface'], parent: 'interface', since: COMMENTS_CAME_LATER },
  ),
  menu(
    '/ppp/profile',
    'named',
    {
      'local-address': 'address',
      'remote-address': 'text',
      'dns-server': 'list',
      'interface-list': 'text',
      'change-tcp-mss': 'boolean',
      'use-compression': 'boolean',
      'use-encryption': 'boolean',
      'use-upnp': 'boolean',
    },
    { since: COMMENTS_CAME_LATER },
  ),
  // Before the profile that names their folder: the router puts pages of its own there, but only where there are none.
  menu('/file', 'name', { type: 'text', contents: 'text' }, { absent: { contents: '' } }),
  menu('/ip/hotspot/profile', 'name', {
    'hotspot-address': 'address',
    'dns-name': 'text',
    'html-directory': 'text',
    'login-by': 'list',
    'use-radius': 'boolean',
    'radius-accounting': 'boolean',
    'radius-interim-update': 'duration',
    'nas-port-type': 'text',
  }),
  menu(
    '/ip/firewall/filter',
    'tag',
    { ...rule, 'dst-address': 'address', 'connection-state': 'list' },
    { ordered: true, absent: { action: 'accept' } },
  ),
  menu('/ip/firewall/nat', 'tag', rule, { absent: { action: 'accept' } }),
  menu('/ip/dns', 'settings', { 'allow-remote-requests': 'boolean' }),
  menu(
    '/radius',
    'tag',
    {
      service: 'list',
      address: 'address',
      secret: 'text',
      'authentication-port': 'text',
      'accounting-port': 'text',
      timeout: 'duration',
      'src-address': 'address',
      'require-message-auth': 'text',
      disabled: 'boolean',
    },
    { secrets: ['secret'], since: { 'require-message-auth': '7.15' }, absent: { 'src-address': '0.0.0.0' } },
  ),
  menu('/radius/incoming', 'settings', { accept: 'boolean', port: 'text' }),
  menu('/ppp/aaa', 'settings', { 'use-radius': 'boolean', accounting: 'boolean', 'interim-update': 'duration' }),
  menu(
    '/interface/pppoe-server/server',
    'tag',
    {
      'service-name': 'text',
      interface: 'text',
      'default-profile': 'text',
      authentication: 'list',
      'one-session-per-host': 'boolean',
      'max-mtu': 'text',
      'max-mru': 'text',
      'keepalive-timeout': 'text',
      disabled: 'boolean',
    },
    { naturalKey: ['interface', 'service-name'] },
  ),
  menu(
    '/ip/hotspot',
    'name',
    {
      interface: 'text',
      profile: 'text',
      'address-pool': 'text',
      'addresses-per-mac': 'text',
      'idle-timeout': 'duration',
      disabled: 'boolean',
    },
    { naturalKey: ['interface'], parent: 'interface', absent: { 'address-pool': 'none' } },
  ),
  menu('/ip/hotspot/walled-garden/ip', 'tag', {
    action: 'text',
    server: 'text',
    'dst-host': 'text',
    'dst-address': 'address',
    protocol: 'text',
    'dst-port': 'list',
    disabled: 'boolean',
  }),
  menu(
    '/interface/bridge/port',
    'tag',
    { bridge: 'text', interface: 'text', horizon: 'text', disabled: 'boolean' },
    { naturalKey: ['interface'], parent: 'bridge', absent: { horizon: 'none' } },
  ),
];

const byPath = new Map(managedMenus.map((one) => [one.path, one]));

/** Throws when the path is not one of ours: a mistake in this program, not on the router. */
export function managedMenu(path: string): ManagedMenu {
  const found = byPath.get(path);
  if (found === undefined) throw new Error(`${path} is not a managed menu`);
  return found;
}
