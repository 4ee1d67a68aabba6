import { bool, duration, either, int, ip, ips, matching, oneOf, prefixes, ref, someOf, text } from './arg.js';
import { clash, list, type Menu, settings } from './menu.js';

const once = { once: text(), interval: duration(), duration: duration() };
const defaultYesNo = (): ReturnType<typeof oneOf> => oneOf('default no yes', { initial: 'default' });
export const POLICIES =
  'local telnet ssh ftp reboot read write policy test winbox password web sniff sensitive api romon rest-api';

/** PPP, RADIUS and the router's own users. */
export const accessMenus: readonly Menu[] = [
  list('/ppp/profile', {
    unset: true,
    nameStem: 'profile',
    unique: [clash('name', 'failure: profile with such name already exists')],
    args: {
      name: text(),
      'local-address': either({}, ip(), ref('/ip/pool')),
      'remote-address': either({}, ip(), ref('/ip/pool')),
      bridge: ref('/interface/bridge'),
      'interface-list': ref('/interface/list'),
      'dns-server': ips(),
      'wins-server': ips(),
      'use-compression': defaultYesNo(),
      'use-encryption': oneOf('default no required yes', { initial: 'default' }),
      'use-mpls': oneOf('default no required yes', { initial: 'default' }),
      'use-ipv6': oneOf('default no required yes', { initial: 'yes' }),
      'use-upnp': defaultYesNo(),
      'only-one': defaultYesNo(),
      'change-tcp-mss': defaultYesNo(),
      'rate-limit': text(),
      'session-timeout': duration(),
      'idle-timeout': duration(),
      'address-list': text({ initial: '' }),
      'on-up': text({ initial: '' }),
      'on-down': text({ initial: '' }),
      comment: text(),
    },
    readOnly: 'about default',
  }),
  settings('/ppp/aaa', {
    args: {
      'use-radius': bool({ initial: 'false' }),
      accounting: bool({ initial: 'true' }),
      'interim-update': duration({ initial: '0s' }),
      'use-circuit-id-in-nas-port-id': bool({ initial: 'false' }),
      'enable-ipv6-accounting': bool({ initial: 'false', since: '7.18' }),
    },
  }),
  list('/ppp/secret', {
    unset: true,
    unique: [clash('name service', 'failure: secret with the same name already exists')],
    args: {
      name: text({ required: true }),
      password: text({ initial: '', secret: true }),
      service: oneOf('any async l2tp ovpn pppoe pptp sstp', { initial: 'any' }),
      profile: ref('/ppp/profile', { initial: 'default' }),
      'caller-id': text({ initial: '' }),
      'local-address': ip(),
      'remote-address': ip(),
      routes: text({ initial: '' }),
      'limit-bytes-in': int(0, Number.MAX_SAFE_INTEGER, { initial: '0' }),
      'limit-bytes-out': int(0, Number.MAX_SAFE_INTEGER, { initial: '0' }),
      disabled: bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about last-caller-id last-disconnect-reason last-logged-out',
    printArgs: 'show-sensitive',
  }),
  list('/ppp/active', {
    only: 'print remove',
    readOnly:
      'about address caller-id comment encoding limit-bytes-in limit-bytes-out name radius service session-id uptime',
  }),
  list('/radius', {
    ordered: true,
    args: {
      service: someOf('ppp login hotspot wireless dhcp ipsec dot1x', { initial: '' }),
      address: ip({ initial: '0.0.0.0' }),
      secret: text({ initial: '', secret: true }),
      'called-id': text({ initial: '' }),
      domain: text({ initial: '' }),
      realm: text({ initial: '' }),
      'authentication-port': int(1, 65535, { initial: '1812' }),
      'accounting-port': int(1, 65535, { initial: '1813' }),
      timeout: duration({ initial: '300ms' }),
      'accounting-backup': bool({ initial: 'false' }),
      'src-address': ip({ initial: '0.0.0.0' }),
      protocol: oneOf('radsec udp', { initial: 'udp' }),
      certificate: ref('/certificate', { initial: 'none' }, 'none'),
      'require-message-auth': oneOf('no yes-for-request-resp', { initial: 'yes-for-request-resp', since: '7.15' }),
      'radsec-timeout': duration({ since: '7.19', initial: '3s300ms' }),
      disabled: bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about status',
    more: { monitor: { numbers: text(), ...once }, 'reset-counters': {} },
    printArgs: 'show-sensitive',
  }),
  settings('/radius/incoming', {
    args: {
      accept: bool({ initial: 'false' }),
      port: int(1, 65535, { initial: '3799' }),
      vrf: ref('/ip/vrf', { initial: 'main', since: '7.1' }),
    },
    more: { monitor: once, 'reset-counters': {} },
  }),
  list('/user', {
    unique: [clash('name', 'failure: user with the same name already exists')],
    args: {
      name: matching(/^[\w.@*-]+$/, 'failure: user name can contain only letters, numbers, "*", "_", ".", "@", "-"', {
        required: true,
      }),
      group: ref('/user/group', { required: true }),
      password: text({ writeOnly: true }),
      address: prefixes({ initial: '' }),
      disabled: bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about expired last-logged-in',
    printArgs: 'show-sensitive',
  }),
  list('/user/group', {
    unique: [clash('name', 'failure: group with the same name already exists')],
    args: {
      name: text({ required: true }),
      policy: {
        type: { kind: 'list', of: { kind: 'negatable', of: { kind: 'enum', words: POLICIES.split(' ') } } },
        initial: '',
      },
      skin: oneOf('default', { initial: 'default' }),
      comment: text(),
    },
    readOnly: 'about',
  }),
  list('/user/active', {
    only: 'print',
    readOnly: 'about address by-romon group name radius via when',
    more: {
      remove: { args: {}, since: '7.20' },
      'request-logout': { args: { numbers: text() }, since: '7.9', until: '7.20' },
    },
  }),
  settings('/user/aaa', {
    args: {
      'use-radius': bool({ initial: 'false' }),
      accounting: bool({ initial: 'true' }),
      'interim-update': duration({ initial: '0s' }),
      'default-group': ref('/user/group', { initial: 'read' }),
    },
  }),
];
