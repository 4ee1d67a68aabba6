import { addRow, setRow, setSettings } from './router/mutations.js';
import { RouterTrap } from './router/router-trap.js';
import type { RouterState } from './router/router-state.js';
import type { SimulatedRouter } from './fleet.js';

export interface ReadyHotspotOptions {
  readonly host: string;
  readonly authPort: number;
  readonly acctPort: number;
  readonly secret: string;
  /** How long the router waits for an answer before it sends again. Default `1s`. */
  readonly timeout?: string;
}

const NETWORK = '10.64.0';

function adder(state: RouterState): (path: string, args: Record<string, string>) => void {
  return (path, args) => {
    const menu = state.schema.menu(path);
    if (menu === undefined) throw new RouterTrap(`no such menu ${path}`);
    addRow(state, menu, args);
  };
}

/** Sets up a hotspot (and a PPPoE server) on ether5 that asks the given RADIUS server, as if somebody had provisioned it. */
export function makeReadyHotspot(router: Pick<SimulatedRouter, 'state'>, options: ReadyHotspotOptions): void {
  const { state } = router;
  const add = adder(state);
  add('/interface/bridge', { name: 'ready-bridge' });
  add('/interface/bridge/port', { bridge: 'ready-bridge', interface: 'ether5' });
  add('/ip/address', { address: `${NETWORK}.1/16`, interface: 'ready-bridge' });
  add('/ip/pool', { name: 'ready-pool', ranges: `${NETWORK}.10-10.64.255.250` });
  add('/ip/dhcp-server/network', { address: '10.64.0.0/16', gateway: `${NETWORK}.1`, 'dns-server': `${NETWORK}.1` });
  add('/ip/dhcp-server', {
    name: 'ready-dhcp',
    interface: 'ready-bridge',
    'address-pool': 'ready-pool',
    disabled: 'no',
  });
  add('/radius', {
    service: 'hotspot,ppp',
    address: options.host,
    secret: options.secret,
    'authentication-port': String(options.authPort),
    'accounting-port': String(options.acctPort),
    timeout: options.timeout ?? '1s',
  });
  const incoming = state.schema.menu('/radius/incoming');
  const aaa = state.schema.menu('/ppp/aaa');
  if (incoming !== undefined) setSettings(state, incoming, { accept: 'yes' });
  if (aaa !== undefined) setSettings(state, aaa, { 'use-radius': 'yes' });
  const profiles = state.schema.menu('/ip/hotspot/user/profile');
  const profile = state.byName('/ip/hotspot/user/profile', 'default');
  if (profiles !== undefined && profile !== undefined)
    setRow(state, profiles, profile, { 'shared-users': 'unlimited' });
  add('/ip/hotspot/profile', {
    name: 'ready-profile',
    'hotspot-address': `${NETWORK}.1`,
    'login-by': 'http-chap,http-pap',
    'use-radius': 'yes',
  });
  add('/ip/hotspot', { name: 'ready-hotspot', interface: 'ready-bridge', profile: 'ready-profile', disabled: 'no' });
  add('/ip/pool', { name: 'ready-ppp-pool', ranges: '10.65.0.10-10.65.255.250' });
  add('/ppp/profile', { name: 'ready-ppp', 'local-address': '10.65.0.1', 'remote-address': 'ready-ppp-pool' });
  add('/interface/pppoe-server/server', {
    'service-name': 'ready-pppoe',
    interface: 'ether4',
    'default-profile': 'ready-ppp',
    disabled: 'no',
  });
}
