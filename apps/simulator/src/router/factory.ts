import { atLeast } from '../schema/version.js';
import { madeUpMac } from './present.js';
import type { RouterState } from './router-state.js';

/** What the factory configuration depends on. */
export interface FactoryOptions {
  readonly username: string;
  readonly password: string;
  readonly identity: string;
  /** Ethernet ports that are in the factory bridge. */
  readonly bridgedPorts: readonly string[];
}

const ETHERNET_PORTS = ['ether1', 'ether2', 'ether3', 'ether4', 'ether5'];
const READ = 'local,telnet,ssh,reboot,read,test,winbox,password,web,sniff,sensitive,api,romon';
const DEFCONF = 'defconf';

function insert(state: RouterState, path: string, ...rows: readonly Record<string, string>[]): void {
  for (const row of rows) {
    const props: Record<string, string> = {};
    const menu = state.schema.menu(path);
    for (const [name, argument] of Object.entries(menu?.args ?? {})) {
      if (argument.initial !== undefined) props[name] = argument.initial;
    }
    state.table(path).insert({ ...props, ...row });
  }
}

function interfaces(state: RouterState, options: FactoryOptions): void {
  for (const name of ETHERNET_PORTS) {
    const mac = madeUpMac(state.seed, `${options.identity}/${name}`);
    insert(state, '/interface/ethernet', {
      name,
      'default-name': name,
      mtu: '1500',
      l2mtu: '1598',
      'mac-address': mac,
      'orig-mac-address': mac,
      arp: 'enabled',
      'auto-negotiation': 'true',
      disabled: 'false',
    });
  }
  if (atLeast(state.version, '7.14')) {
    insert(state, '/interface/loopback', { name: 'lo', mtu: '65536', disabled: 'false' });
  }
  insert(state, '/interface/bridge', { name: 'bridge', comment: DEFCONF });
  for (const port of options.bridgedPorts) {
    insert(state, '/interface/bridge/port', { bridge: 'bridge', interface: port, comment: DEFCONF });
  }
  for (const [name, comment] of [
    ['all', 'contains all interfaces'],
    ['none', 'contains no interfaces'],
    ['dynamic', 'contains dynamic interfaces'],
    ['static', 'contains static interfaces'],
  ] as const) {
    insert(state, '/interface/list', { name, comment, builtin: 'true' });
  }
  insert(state, '/interface/list', { name: 'WAN', comment: DEFCONF }, { name: 'LAN', comment: DEFCONF });
  insert(
    state,
    '/interface/list/member',
    { list: 'LAN', interface: 'bridge', comment: DEFCONF },
    { list: 'WAN', interface: 'ether1', comment: DEFCONF },
  );
}

function addressing(state: RouterState): void {
  const network = { address: '192.168.88.0/24', gateway: '192.168.88.1', 'dns-server': '192.168.88.1' };
  insert(state, '/ip/address', { address: '192.168.88.1/24', interface: 'bridge', comment: DEFCONF });
  insert(state, '/ip/pool', { name: 'default-dhcp', ranges: '192.168.88.10-192.168.88.254' });
  insert(state, '/ip/dhcp-server', {
    name: DEFCONF,
    interface: 'bridge',
    'address-pool': 'default-dhcp',
    disabled: 'false',
  });
  insert(state, '/ip/dhcp-server/network', { ...network, comment: DEFCONF });
  insert(state, '/ip/dhcp-client', {
    interface: 'ether1',
    disabled: 'false',
    comment: DEFCONF,
    status: 'bound',
    address: '100.64.10.50/24',
    gateway: '100.64.10.1',
    'dhcp-server': '100.64.10.1',
    'primary-dns': '100.64.10.1',
    'expires-after': '9m30s',
  });
  state
    .table('/ip/address')
    .insert({ address: '100.64.10.50/24', interface: 'ether1', disabled: 'false' }, { dynamic: true });
  state.table('/ip/route').insert(
    {
      'dst-address': '0.0.0.0/0',
      gateway: '100.64.10.1',
      distance: '1',
      scope: '30',
      dhcp: 'true',
      disabled: 'false',
    },
    { dynamic: true },
  );
  insert(state, '/ip/dns/static', { name: 'router.lan', address: '192.168.88.1', comment: DEFCONF });
  if (atLeast(state.version, '7.1')) {
    insert(state, '/routing/table', { name: 'main', fib: '' });
    insert(state, '/ip/vrf', { name: 'main', interfaces: 'all', builtin: 'true' });
  }
}

function firewall(state: RouterState): void {
  const comment = (words: string): string => `defconf: ${words}`;
  insert(
    state,
    '/ip/firewall/filter',
    {
      chain: 'input',
      action: 'accept',
      'connection-state': 'established,related,untracked',
      comment: comment('accept established,related,untracked'),
    },
    { chain: 'input', action: 'drop', 'connection-state': 'invalid', comment: comment('drop invalid') },
    { chain: 'input', action: 'accept', protocol: 'icmp', comment: comment('accept ICMP') },
    { chain: 'input', action: 'drop', 'in-interface-list': '!LAN', comment: comment('drop all not coming from LAN') },
    {
      chain: 'forward',
      action: 'fasttrack-connection',
      'connection-state': 'established,related',
      comment: comment('fasttrack'),
    },
    {
      chain: 'forward',
      action: 'accept',
      'connection-state': 'established,related,untracked',
      comment: comment('accept established,related, untracked'),
    },
    { chain: 'forward', action: 'drop', 'connection-state': 'invalid', comment: comment('drop invalid') },
    {
      chain: 'forward',
      action: 'drop',
      'connection-state': 'new',
      'connection-nat-state': '!dstnat',
      'in-interface-list': 'WAN',
      comment: comment('drop all from WAN not DSTNATed'),
    },
  );
  insert(state, '/ip/firewall/nat', {
    chain: 'srcnat',
    action: 'masquerade',
    'out-interface-list': 'WAN',
    'ipsec-policy': 'out,none',
    comment: comment('masquerade'),
  });
}

function services(state: RouterState): void {
  const rows: readonly (readonly [string, string])[] = [
    ['telnet', '23'],
    ['ftp', '21'],
    ['www', '80'],
    ['ssh', '22'],
    ['www-ssl', '443'],
    ['api', '8728'],
    ['winbox', '8291'],
    ['api-ssl', '8729'],
  ];
  for (const [name, port] of rows) {
    const props: Record<string, string> = { name, port, address: '', disabled: String(name === 'www-ssl') };
    if (name.endsWith('-ssl')) Object.assign(props, { certificate: 'none', 'tls-version': 'any' });
    if (atLeast(state.version, '7.1')) props['vrf'] = 'main';
    if (atLeast(state.version, '7.16')) props['max-sessions'] = '20';
    if (atLeast(state.version, '7.19')) props['proto'] = 'tcp';
    state.table('/ip/service').insert(props);
  }
}

function accounts(state: RouterState, options: FactoryOptions): void {
  const rest = atLeast(state.version, '7.1') ? ',rest-api' : '';
  insert(
    state,
    '/user/group',
    { name: 'read', policy: `${READ}${rest},!ftp,!write,!policy` },
    { name: 'write', policy: `${READ},write${rest},!ftp,!policy` },
    { name: 'full', policy: `${READ},ftp,write,policy${rest}` },
  );
  insert(state, '/user', {
    name: options.username,
    group: 'full',
    password: options.password,
    comment: 'system default user',
    expired: 'false',
  });
  insert(
    state,
    '/ppp/profile',
    { name: 'default', default: 'true' },
    { name: 'default-encryption', 'use-encryption': 'yes', default: 'true' },
  );
}

function hotspot(state: RouterState): void {
  insert(state, '/ip/hotspot/profile', { name: 'default', default: 'true' });
  insert(state, '/ip/hotspot/user/profile', { name: 'default', default: 'true' });
  insert(state, '/ip/hotspot/user', {
    name: 'default-trial',
    comment: 'counters and limits for trial users',
    default: 'true',
  });
  insert(state, '/ip/hotspot/service-port', { name: 'ftp', ports: '21', disabled: 'false' });
}

function housekeeping(state: RouterState, options: FactoryOptions): void {
  state.settings('/system/identity')['name'] = options.identity;
  insert(
    state,
    '/queue/type',
    { name: 'default', kind: 'pfifo', default: 'true' },
    { name: 'default-small', kind: 'pfifo', default: 'true' },
    { name: 'hotspot-default', kind: 'sfq', default: 'true' },
  );
  for (const name of ['memory', 'disk', 'echo', 'remote']) {
    insert(state, '/system/logging/action', { name, target: name, default: 'true' });
  }
  for (const topics of ['info', 'error', 'warning', 'critical']) {
    insert(state, '/system/logging', { topics, action: topics === 'critical' ? 'echo' : 'memory', default: 'true' });
  }
  insert(state, '/snmp/community', { name: 'public', default: 'true' });
  insert(state, '/system/package', { name: 'routeros', version: state.version.text, disabled: 'false' });
  insert(state, '/file', { name: 'skins', type: 'directory' }, { name: 'pub', type: 'directory' });
}

/** Fills an empty router with the configuration it leaves the factory with. */
export function makeFactoryNew(state: RouterState, options: FactoryOptions): void {
  interfaces(state, options);
  addressing(state);
  firewall(state);
  services(state);
  hotspot(state);
  accounts(state, options);
  housekeeping(state, options);
}
