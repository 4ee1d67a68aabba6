import { bool, duration, int, ip, mac, negatable, oneOf, ranges, ref, someOf, text, texts } from './arg.js';
import { clash, list, type Menu } from './menu.js';

const PROTOCOLS = 'tcp udp icmp icmpv6 igmp gre ospf ipsec-esp ipsec-ah l2tp sctp ipip encap';
const LOGIN_WAYS = 'mac cookie http-chap https http-pap trial mac-cookie';
const MAC_FORMS = 'XX:XX:XX:XX:XX:XX XX-XX-XX-XX-XX-XX XXXXXXXXXXXX XXXX:XXXX:XXXX XXXXXX-XXXXXX XXXXXX:XXXXXX';

const server = list('/ip/hotspot', {
  nameStem: 'hotspot',
  args: {
    name: text(),
    interface: ref('/interface', { required: true }),
    'address-pool': ref('/ip/pool', { initial: 'none' }, 'none'),
    profile: ref('/ip/hotspot/profile', { initial: 'default' }),
    'addresses-per-mac': int(1, 65535, { initial: '2' }, ['unlimited']),
    'idle-timeout': duration({ initial: '5m' }, 'none'),
    'keepalive-timeout': duration({ initial: 'none' }, 'none'),
    'login-timeout': duration({ initial: 'none' }, 'none'),
    disabled: bool({ initial: 'true' }),
  },
  readOnly: 'HTTPS about invalid ip-of-dns-name proxy-status',
  unique: [clash('name', 'failure: hotspot with such name already exists')],
  more: { 'reset-html': { numbers: text() } },
});

const profile = list('/ip/hotspot/profile', {
  nameStem: 'hsprof',
  args: {
    name: text(),
    'hotspot-address': ip({ initial: '0.0.0.0' }),
    'dns-name': text({ initial: '' }),
    'html-directory': text({ initial: 'hotspot' }),
    'html-directory-override': text({ initial: '' }),
    'http-proxy': text({ initial: '0.0.0.0:0' }),
    'smtp-server': ip({ initial: '0.0.0.0' }),
    'login-by': someOf(LOGIN_WAYS, { initial: 'cookie,http-chap' }),
    'http-cookie-lifetime': duration({ initial: '3d' }),
    'install-hotspot-queue': bool({ initial: 'false' }),
    'split-user-domain': bool({ initial: 'false' }),
    'use-radius': bool({ initial: 'false' }),
    'radius-accounting': bool({ initial: 'true' }),
    'radius-interim-update': duration({ initial: 'received' }, 'received'),
    'radius-default-domain': text({ initial: '' }),
    'radius-location-id': text({ initial: '' }),
    'radius-location-name': text({ initial: '' }),
    'radius-mac-format': oneOf(MAC_FORMS, { initial: 'XX:XX:XX:XX:XX:XX' }),
    'nas-port-type': oneOf('cable ethernet wireless-802.11', { initial: 'wireless-802.11' }),
    'mac-auth-mode': oneOf('mac-as-username mac-as-username-and-password', { initial: 'mac-as-username' }),
    'mac-auth-password': text({ initial: '' }),
    'ssl-certificate': ref('/certificate', { initial: 'none' }, 'none'),
    'trial-uptime-limit': duration({ initial: '30m' }),
    'trial-uptime-reset': duration({ initial: '1d' }),
    'trial-user-profile': ref('/ip/hotspot/user/profile', { initial: 'default' }),
    'rate-limit': text(),
  },
  readOnly: 'about default',
  unique: [clash('name', 'failure: profile with such name already exists')],
});

const user = list('/ip/hotspot/user', {
  args: {
    name: text({ required: true }),
    password: text({ secret: true }),
    server: ref('/ip/hotspot', { initial: 'all' }, 'all'),
    profile: ref('/ip/hotspot/user/profile', { initial: 'default' }),
    address: ip(),
    'mac-address': mac(),
    email: text(),
    routes: text(),
    'limit-uptime': duration(),
    'limit-bytes-in': int(0, Number.MAX_SAFE_INTEGER),
    'limit-bytes-out': int(0, Number.MAX_SAFE_INTEGER),
    'limit-bytes-total': int(0, Number.MAX_SAFE_INTEGER),
    'otp-secret': text({ since: '7.21', secret: true }),
    disabled: bool({ initial: 'false' }),
    comment: text(),
  },
  readOnly: 'about bytes-in bytes-out default dynamic packets-in packets-out uptime',
  unique: [clash('name server', 'failure: already have user with this name for this server')],
  more: { 'reset-counters': { numbers: text() } },
  printArgs: 'bytes packets show-sensitive',
});

const userProfile = list('/ip/hotspot/user/profile', {
  nameStem: 'uprof',
  unset: true,
  args: {
    name: text(),
    'address-pool': ref('/ip/pool', {}, 'none'),
    'session-timeout': duration(),
    'idle-timeout': duration({ initial: 'none' }, 'none'),
    'keepalive-timeout': duration({ initial: '2m' }, 'none'),
    'status-autorefresh': duration({ initial: '1m' }, 'none'),
    'shared-users': int(1, 65535, { initial: '1' }, ['unlimited']),
    'add-mac-cookie': bool({ initial: 'true' }),
    'mac-cookie-timeout': duration({ initial: '3d' }),
    'rate-limit': text(),
    'address-list': text({ initial: '' }),
    'transparent-proxy': bool({ initial: 'false' }),
    'open-status-page': oneOf('http-login always'),
    'queue-type': ref('/queue/type'),
    'parent-queue': ref('/queue/simple', {}, 'none'),
    'insert-queue-before': text(),
    advertise: bool(),
    'advertise-interval': duration(),
    'advertise-timeout': duration({}, 'immediately', 'never'),
    ...texts('advertise-url on-login on-logout'),
    ...texts('incoming-filter outgoing-filter incoming-packet-mark outgoing-packet-mark'),
  },
  readOnly: 'about default',
  unique: [clash('name', 'failure: profile with such name already exists')],
});

const active = list('/ip/hotspot/active', {
  only: 'print remove',
  readOnly:
    'about address blocked bytes-in bytes-out comment domain idle-time idle-timeout keepalive-timeout limit-bytes-in limit-bytes-out limit-bytes-total login-by mac-address packets-in packets-out radius server session-time-left uptime user',
  more: {
    login: { ip: ip({ required: true }), user: text(), password: text(), 'mac-address': mac(), domain: text() },
  },
});

const host = list('/ip/hotspot/host', {
  only: 'print remove',
  readOnly:
    'DHCP about address authorized bridge-port bypassed bytes-in bytes-out comment dynamic found-by idle-time idle-timeout keepalive-timeout mac-address packets-in packets-out server static to-address uptime',
  more: { 'make-binding': { numbers: text(), comment: text(), type: oneOf('blocked bypassed regular') } },
});

const cookie = list('/ip/hotspot/cookie', {
  only: 'print remove',
  readOnly: 'about domain expires-in mac-address mac-cookie user',
});

const serverRef = (): ReturnType<typeof negatable> => negatable(ref('/ip/hotspot', {}, 'all'));

const walledGarden = list('/ip/hotspot/walled-garden', {
  ordered: true,
  unset: true,
  args: {
    action: oneOf('allow deny', { initial: 'allow' }),
    server: serverRef(),
    'src-address': negatable(ip()),
    method: negatable(oneOf('CONNECT DELETE GET HEAD OPTIONS POST PUT TRACE')),
    'dst-host': text(),
    'dst-port': negatable({ type: { kind: 'ports' } }),
    path: text(),
    disabled: bool({ initial: 'false' }),
    comment: text(),
  },
  readOnly: 'about dst-address dynamic hits',
  more: { 'reset-counters': { numbers: text() }, 'reset-counters-all': {} },
});

const walledGardenIp = list('/ip/hotspot/walled-garden/ip', {
  ordered: true,
  unset: true,
  args: {
    action: oneOf('accept drop reject', { initial: 'accept' }),
    server: serverRef(),
    'src-address': negatable(ranges()),
    'src-address-list': negatable(text()),
    'dst-address': negatable(ranges()),
    'dst-address-list': negatable(text()),
    'dst-host': text(),
    'dst-port': negatable({ type: { kind: 'ports' } }),
    protocol: negatable(oneOf(PROTOCOLS)),
    disabled: bool({ initial: 'false' }),
    comment: text(),
  },
  readOnly: 'about invalid',
});

const binding = list('/ip/hotspot/ip-binding', {
  ordered: true,
  args: {
    address: ranges(),
    'mac-address': mac(),
    server: ref('/ip/hotspot', { initial: 'all' }, 'all'),
    'to-address': ip(),
    type: oneOf('blocked bypassed regular', { initial: 'regular' }),
    disabled: bool({ initial: 'false' }),
    comment: text(),
  },
  readOnly: 'about blocked bypassed',
});

const servicePort = list('/ip/hotspot/service-port', {
  only: 'print set enable disable',
  args: { ports: text(), disabled: bool() },
  readOnly: 'about name',
});

export const hotspotMenus: readonly Menu[] = [
  server,
  profile,
  user,
  userProfile,
  active,
  host,
  cookie,
  walledGarden,
  walledGardenIp,
  binding,
  servicePort,
];
