import type { DeviceMode } from './router-state.js';

const FEATURES =
  'scheduler socks fetch pptp l2tp bandwidth-test traffic-gen sniffer ipsec romon proxy hotspot smb email zerotier container'.split(
    ' ',
  );
const HOME_LACKS = new Set(
  'scheduler socks fetch bandwidth-test traffic-gen sniffer romon proxy hotspot email zerotier container'.split(' '),
);
const ADVANCED_LACKS = new Set(['traffic-gen', 'container']);

/** The flags a device of this mode leaves the factory with. */
export function deviceModeFlags(mode: DeviceMode): Record<string, string> {
  const lacks = mode === 'home' ? HOME_LACKS : ADVANCED_LACKS;
  const flags: Record<string, string> = {
    mode,
    'allowed-versions': '7.13+,6.49.8+',
    flagged: 'false',
    'flagging-enabled': 'true',
    'install-any-version': 'false',
    partitions: 'false',
    routerboard: String(mode === 'advanced'),
    'attempt-count': '0',
  };
  for (const feature of FEATURES) flags[feature] = String(!lacks.has(feature));
  return flags;
}
