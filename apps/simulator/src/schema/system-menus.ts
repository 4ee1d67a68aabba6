import { bool, duration, int, ip, matching, oneOf, ref, someOf, text, texts } from './arg.js';
import { clash, commands, list, type Menu, settings } from './menu.js';

const once = { once: text(), interval: duration(), duration: duration() };
const deviceFlags = Object.fromEntries(
  'scheduler socks fetch pptp l2tp bandwidth-test traffic-gen sniffer ipsec romon proxy hotspot smb email zerotier container'
    .split(' ')
    .map((name) => [name, bool()]),
);
const BITS = '1024 1536 2048 4096 8192 prime256v1 secp384r1 secp521r1';
const KEY_USAGES =
  'digital-signature content-commitment key-encipherment data-encipherment key-agreement key-cert-sign crl-sign encipher-only decipher-only tls-server tls-client code-sign email-protect timestamp ocsp-sign';

export const systemMenus: readonly Menu[] = [
  commands('/', {
    more: {
      ping: {
        address: text({ required: true }),
        count: int(1, 4294967295),
        interval: duration(),
        size: int(28, 65535),
        'src-address': ip(),
        interface: ref('/interface'),
        ttl: int(1, 255),
        ...texts('arp-ping do-not-fragment dscp'),
      },
      execute: { script: text({ required: true }), 'as-string': { ...text(), since: '7.1' }, file: text() },
      export: { ...texts('compact file hide-sensitive show-sensitive terse verbose') },
      import: { 'file-name': text({ required: true }), ...texts('verbose from-line') },
      password: { 'old-password': text(), 'new-password': text(), 'confirm-new-password': text() },
      quit: {},
    },
  }),
  commands('/system', {
    more: {
      reboot: {},
      shutdown: {},
      'reset-configuration': {
        'keep-users': bool(),
        'no-defaults': bool(),
        'skip-backup': bool(),
        'run-after-reset': text(),
      },
    },
  }),
  settings('/system/identity', { args: { name: text({ initial: 'MikroTik' }) } }),
  commands('/system/resource', {
    only: 'print',
    readOnly:
      'architecture-name bad-blocks board-name build-time cpu cpu-count cpu-frequency cpu-load factory-software free-hdd-space free-memory platform total-hdd-space total-memory uptime version write-sect-since-reboot write-sect-total',
  }),
  commands('/system/device-mode', {
    since: '7.1',
    only: 'print',
    readOnly: `mode flagged flagging-enabled allowed-versions attempt-count ${Object.keys(deviceFlags).join(' ')} install-any-version partitions routerboard`,
    more: {
      update: {
        ...deviceFlags,
        mode: oneOf('advanced basic home rose'),
        flagged: bool(),
        'flagging-enabled': bool(),
        'activation-timeout': duration(),
        ...once,
      },
    },
  }),
  commands('/system/license', {
    only: 'print',
    readOnly: 'deadline-at level limited-upgrades next-renewal-at system-id',
  }),
  list('/system/package', {
    only: 'print',
    readOnly: 'about available build-time bundle disabled name scheduled size version',
    more: { enable: {}, disable: {} },
  }),
  settings('/system/health', { only: 'print', readOnly: 'state' }),
  settings('/system/clock', {
    args: {
      date: text(),
      time: text(),
      'time-zone-autodetect': bool({ initial: 'true' }),
      'time-zone-name': text({ initial: 'UTC' }),
    },
    readOnly: 'dst-active gmt-offset',
  }),
  settings('/system/note', { args: { note: text({ initial: '' }), 'show-at-login': bool({ initial: 'false' }) } }),
  settings('/system/ntp/client', {
    args: {
      enabled: bool({ initial: 'false' }),
      mode: oneOf('broadcast manycast multicast unicast', { initial: 'unicast' }),
      servers: { ...text({ initial: '' }), since: '7.1' },
      'primary-ntp': ip({ initial: '0.0.0.0', until: '7.0' }),
      'secondary-ntp': ip({ initial: '0.0.0.0', until: '7.0' }),
      'server-dns-names': text({ initial: '', until: '7.0' }),
    },
    readOnly: 'freq-drift status synced-server synced-stratum system-offset',
  }),
  list('/system/ntp/client/servers', {
    since: '7.1',
    args: {
      address: text({ required: true }),
      iburst: bool({ initial: 'true' }),
      'min-poll': int(3, 17, { initial: '6' }),
      'max-poll': int(3, 17, { initial: '10' }),
      disabled: bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about dynamic resolved-address',
  }),
  settings('/system/ntp/server', {
    args: {
      enabled: bool({ initial: 'false' }),
      broadcast: bool({ initial: 'false' }),
      multicast: bool({ initial: 'false' }),
    },
  }),
  list('/system/logging', {
    args: {
      topics: text({ initial: 'info' }),
      action: ref('/system/logging/action', { initial: 'memory' }),
      prefix: text({ initial: '' }),
      disabled: bool({ initial: 'false' }),
    },
    readOnly: 'about default invalid',
  }),
  list('/system/logging/action', {
    unique: [clash('name', 'failure: action already exists with such a name')],
    args: {
      name: matching(/^[A-Za-z0-9]+$/, 'failure: action name can contain only letters and numbers', { required: true }),
      target: oneOf('disk echo email memory remote script', { required: true }),
      remote: ip(),
      'remote-port': int(1, 65535),
      'src-address': ip(),
      'memory-lines': int(1, 65535),
      'memory-stop-on-full': bool(),
      remember: bool(),
      'bsd-syslog': bool({ until: '7.18' }),
      'remote-log-format': oneOf('cef default syslog', { since: '7.18' }),
      'syslog-facility': text(),
      'syslog-severity': text(),
      ...texts('disk-file-name disk-lines-per-file disk-file-count disk-stop-on-full'),
    },
    readOnly: 'about default',
  }),
  commands('/system/backup', {
    more: {
      save: { name: text(), password: text(), encryption: oneOf('aes-sha256 rc4'), 'dont-encrypt': bool() },
      load: { name: text({ required: true }), password: text() },
    },
  }),
  list('/system/scheduler', {
    unique: [clash('name', 'failure: scheduler item with such name already exists')],
    args: {
      name: text({ required: true }),
      interval: duration({ initial: '0s' }),
      'start-time': text({ initial: 'startup' }),
      'start-date': text(),
      'on-event': text({ initial: '' }),
      policy: text({ initial: 'read,write,test' }),
      disabled: bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about next-run owner run-count',
  }),
  list('/system/script', {
    unique: [clash('name', 'failure: item with this name already exists')],
    args: {
      name: text({ required: true }),
      source: text({ initial: '' }),
      policy: text({ initial: 'read,write,test' }),
      'dont-require-permissions': bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about invalid last-started owner run-count',
    more: { run: { number: text() } },
  }),
  list('/system/history', { only: 'print', readOnly: 'about action by policy redoable time undoable' }),
  list('/certificate', {
    unset: true,
    unique: [clash('name', 'failure: certificate with such name already exists')],
    args: {
      name: text({ required: true }),
      'common-name': text(),
      'subject-alt-name': text(),
      'key-size': oneOf(BITS, { initial: '2048' }),
      'key-usage': someOf(KEY_USAGES),
      'days-valid': int(1, 36500, { initial: '365' }),
      'digest-algorithm': oneOf('md5 sha1 sha256 sha384 sha512', { initial: 'sha256' }),
      trusted: bool({ since: '7.15' }),
      ...texts('country state locality organization unit'),
    },
    readOnly:
      'about authority expired fingerprint invalid-after invalid-before issued issuer key-type private-key serial-number',
    more: {
      sign: { number: text({ required: true }), ca: ref('/certificate'), 'ca-crl-host': text(), name: text(), ...once },
      import: { 'file-name': text({ required: true }), name: text(), passphrase: text() },
    },
    printArgs: 'show-sensitive',
  }),
  list('/file', {
    only: 'print remove',
    args: { name: text({ required: true }), contents: text(), type: oneOf('directory file', { since: '7.15' }) },
    readOnly: 'about last-modified size',
    more: {
      add: { args: {}, since: '7.1' },
      set: { args: {}, since: '7.1' },
      read: {
        args: { file: text({ required: true }), offset: int(0, 4294967295), 'chunk-size': int(1, 32768) },
        since: '7.13',
      },
    },
    unique: [clash('name', 'failure: already have file with such name')],
  }),
  list('/log', {
    only: 'print',
    readOnly: 'about buffer extra-info message time topics',
    more: {
      info: { message: text() },
      warning: { message: text() },
      error: { message: text() },
      debug: { message: text() },
    },
  }),
  settings('/snmp', {
    args: {
      enabled: bool({ initial: 'false' }),
      contact: text({ initial: '' }),
      location: text({ initial: '' }),
      'src-address': text({ initial: '::' }),
      'trap-community': ref('/snmp/community', { initial: 'public' }),
      'trap-generators': text({ initial: 'temp-exception' }),
      'trap-target': text({ initial: '' }),
      'trap-version': oneOf('1 2 3', { initial: '1' }),
    },
    readOnly: 'engine-id',
  }),
  list('/snmp/community', {
    unique: [clash('name', 'failure: community with such name already exists')],
    args: {
      name: text({ required: true }),
      addresses: text({ initial: '::/0' }),
      security: oneOf('authorized none private', { initial: 'none' }),
      'read-access': bool({ initial: 'true' }),
      'write-access': bool({ initial: 'false' }),
      'authentication-protocol': oneOf('MD5 SHA1', { initial: 'MD5' }),
      'authentication-password': text({ initial: '', secret: true }),
      'encryption-protocol': oneOf('AES DES', { initial: 'DES' }),
      'encryption-password': text({ initial: '', secret: true }),
      disabled: bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about default',
  }),
];

export const toolMenus: readonly Menu[] = [
  list('/queue/simple', {
    ordered: true,
    unset: true,
    nameStem: 'queue',
    unique: [clash('name', 'failure: already have such name')],
    args: {
      name: text(),
      target: text({ initial: '' }),
      dst: text(),
      parent: ref('/queue/simple', { initial: 'none' }, 'none'),
      'max-limit': { type: { kind: 'rate-pair' }, initial: '0/0' },
      'limit-at': { type: { kind: 'rate-pair' }, initial: '0/0' },
      'burst-limit': { type: { kind: 'rate-pair' }, initial: '0/0' },
      'burst-threshold': { type: { kind: 'rate-pair' }, initial: '0/0' },
      'burst-time': text({ initial: '0s/0s' }),
      'packet-marks': text({ initial: '' }),
      priority: text({ initial: '8/8' }),
      queue: text({ initial: 'default-small/default-small' }),
      disabled: bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about bytes dropped dynamic invalid packets rate',
    more: { 'reset-counters': { numbers: text() }, 'reset-counters-all': {} },
    printArgs: 'bytes packets rate',
  }),
  list('/queue/type', {
    unique: [clash('name', 'failure: queue type with such name already exists')],
    args: {
      name: text({ required: true }),
      kind: oneOf('bfifo cake codel fq-codel mq-pfifo none pcq pfifo red sfq', { required: true }),
      'pfifo-limit': int(1, 4294967295),
      'pcq-rate': text(),
      'pcq-classifier': someOf('src-address dst-address src-port dst-port'),
    },
    readOnly: 'about default',
  }),
  commands('/tool', {
    more: {
      ping: {
        address: text({ required: true }),
        count: int(1, 4294967295),
        interval: duration(),
        size: int(28, 65535),
        'src-address': ip(),
      },
      fetch: {
        url: text(),
        mode: text(),
        output: text(),
        'dst-path': text(),
        'http-method': text(),
        'http-data': text(),
      },
    },
  }),
  list('/tool/netwatch', {
    unset: true,
    args: {
      name: text({ since: '7.9' }),
      host: text({ required: true }),
      type: oneOf('dns http-get https-get icmp simple tcp-conn', { initial: 'simple' }),
      interval: duration({ initial: '10s' }),
      timeout: duration({ initial: '3s' }),
      'up-script': text({ initial: '' }),
      'down-script': text({ initial: '' }),
      'test-script': text({ initial: '' }),
      port: int(1, 65535),
      'start-delay': duration(),
      disabled: bool({ initial: 'false' }),
      comment: text(),
    },
    readOnly: 'about done-tests failed-tests since status',
  }),
  settings('/tool/mac-server', { args: { 'allowed-interface-list': ref('/interface/list', { initial: 'LAN' }) } }),
  settings('/tool/mac-server/mac-winbox', {
    args: { 'allowed-interface-list': ref('/interface/list', { initial: 'LAN' }) },
  }),
  settings('/tool/bandwidth-server', {
    args: { enabled: bool({ initial: 'true' }), authenticate: bool({ initial: 'true' }) },
  }),
  settings('/ip/cloud', { args: { 'update-time': bool({ initial: 'true' }) } }),
  settings('/ip/ssh', { args: { 'strong-crypto': bool({ initial: 'false' }) } }),
];
