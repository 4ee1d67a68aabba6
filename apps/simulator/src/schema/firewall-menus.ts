import {
  allNegatable,
  type Arg,
  bool,
  duration,
  int,
  mac,
  negatable,
  oneOf,
  ranges,
  ref,
  someOf,
  text,
  texts,
} from './arg.js';
import { clash, list, type Menu, settings } from './menu.js';

const PROTOCOLS =
  'tcp udp icmp icmpv6 igmp gre ospf ipsec-esp ipsec-ah l2tp udp-lite sctp dccp ipip encap etherip vrrp pim';
const ports = (): Arg => ({ type: { kind: 'ports' } });
const anyInterface = (): Arg => ref('/interface', {}, 'all-ethernet', 'all-ppp', 'all-vlan', 'all-wireless');

const matchers: Record<string, Arg> = {
  ...allNegatable({
    'src-address': ranges(),
    'dst-address': ranges(),
    'src-port': ports(),
    'dst-port': ports(),
    port: ports(),
    protocol: oneOf(PROTOCOLS),
    'in-interface': anyInterface(),
    'out-interface': anyInterface(),
    'in-bridge-port': anyInterface(),
    'out-bridge-port': anyInterface(),
    'in-interface-list': ref('/interface/list'),
    'out-interface-list': ref('/interface/list'),
    'src-mac-address': mac(),
    'src-address-type': someOf('unicast local broadcast multicast blackhole'),
    'dst-address-type': someOf('unicast local broadcast multicast blackhole'),
    hotspot: someOf('auth from-client http local-dst to-client'),
    'connection-type': someOf('ftp h323 irc pptp quake3 sip tftp'),
    ...texts('src-address-list dst-address-list connection-mark packet-mark routing-mark content layer7-protocol'),
    ...texts('connection-limit dscp icmp-options nth packet-size per-connection-classifier priority tcp-mss time'),
  }),
  fragment: bool(),
  limit: text(),
  'dst-limit': text(),
  'connection-bytes': text(),
  'connection-rate': text(),
  'ipsec-policy': text(),
  'ipv4-options': text(),
  random: int(1, 99),
  psd: text(),
  ttl: text(),
};

const statefulMatchers: Record<string, Arg> = {
  'connection-state': negatable(someOf('invalid established related new untracked')),
  'connection-nat-state': negatable(someOf('srcnat dstnat ein-snat ein-dnat')),
  'tcp-flags': text(),
  'tls-host': text(),
};

const common: Record<string, Arg> = {
  chain: text({ required: true }),
  'jump-target': text(),
  'address-list': text(),
  'address-list-timeout': duration({}, 'none-dynamic', 'none-static'),
  log: bool({ initial: 'false' }),
  'log-prefix': text({ initial: '' }),
  disabled: bool({ initial: 'false' }),
  comment: text(),
};

const counters = { 'reset-counters': { numbers: text() }, 'reset-counters-all': {} };
const options = { ordered: true, unset: true, more: counters, printArgs: 'all chain dynamic static' };
const readOnly = 'about bytes dynamic invalid packets';

const filter = list('/ip/firewall/filter', {
  ...options,
  readOnly,
  args: {
    ...matchers,
    ...statefulMatchers,
    ...common,
    action: oneOf(
      'accept add-dst-to-address-list add-src-to-address-list drop fasttrack-connection jump log passthrough reject return tarpit',
      { initial: 'accept' },
    ),
    'reject-with': oneOf(
      'icmp-admin-prohibited icmp-host-prohibited icmp-host-unreachable icmp-net-prohibited icmp-network-unreachable icmp-port-unreachable icmp-protocol-unreachable tcp-reset',
    ),
    'hw-offload': bool({ until: '7.19' }),
  },
});

const nat = list('/ip/firewall/nat', {
  ...options,
  readOnly,
  args: {
    ...matchers,
    ...common,
    action: oneOf(
      'accept add-dst-to-address-list add-src-to-address-list dst-nat endpoint-independent-nat jump log masquerade netmap passthrough redirect return same src-nat',
      { initial: 'accept' },
    ),
    'to-addresses': ranges(),
    'to-ports': ports(),
    'randomise-ports': bool({ since: '7.18' }),
    'same-not-by-dst': bool(),
  },
});

const mangle = list('/ip/firewall/mangle', {
  ...options,
  readOnly,
  args: {
    ...matchers,
    ...statefulMatchers,
    ...common,
    action: oneOf(
      'accept add-dst-to-address-list add-src-to-address-list change-dscp change-mss change-ttl clear-df fasttrack-connection jump log mark-connection mark-packet mark-routing passthrough return route set-priority',
      { initial: 'accept' },
    ),
    passthrough: bool({ initial: 'true' }),
    ...texts('new-connection-mark new-dscp new-mss new-packet-mark new-priority new-routing-mark new-ttl'),
  },
});

export const firewallMenus: readonly Menu[] = [
  filter,
  nat,
  mangle,
  list('/ip/firewall/address-list', {
    unique: [clash('list address', 'failure: already have such entry')],
    args: {
      list: text({ required: true }),
      address: text({ required: true }),
      timeout: duration(),
      disabled: bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about creation-time dynamic',
  }),
  settings('/ip/firewall/connection/tracking', {
    args: {
      enabled: oneOf('auto no yes', { initial: 'auto' }),
      'tcp-established-timeout': duration({ initial: '1d' }),
      'udp-timeout': duration({ initial: '10s' }),
    },
    readOnly: 'max-entries total-entries',
  }),
];
