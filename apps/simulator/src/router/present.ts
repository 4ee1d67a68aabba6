import { createHash } from 'node:crypto';
import { atLeast } from '../schema/version.js';
import { bridgeOfPort, dhcpInvalid, hotspotAllowed, hotspotInvalid, hotspotRuns, poolSize } from './hotspot-state.js';
import { networkOf, numberToIp, parsePrefix } from './ipv4-text.js';
import { INTERFACE_KINDS, type RouterState } from './router-state.js';
import type { Row } from './table.js';
import { packetsIn } from './traffic-meter.js';

export type Printed = Record<string, string>;
type Presenter = (state: RouterState, row: Row, printed: Printed) => void;

/** A locally administered MAC address that is the same for the same seed and name. */
export function madeUpMac(seed: number, name: string): string {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest('hex').toUpperCase();
  return `48:8F:5A:${digest.slice(0, 2)}:${digest.slice(2, 4)}:${digest.slice(4, 6)}`;
}

const enabled = (row: Row): boolean => row.props['disabled'] !== 'true';

const presentInterface: Presenter = (state, row, printed) => {
  const name = row.props['name'] ?? '';
  const bridge = bridgeOfPort(state, name);
  printed['running'] = String(enabled(row));
  if (bridge !== undefined) printed['slave'] = 'true';
  if (printed['mac-address'] === undefined && printed['type'] !== 'wg' && printed['type'] !== 'loopback') {
    printed['mac-address'] = madeUpMac(state.seed, name);
  }
};

const presentAnyInterface: Presenter = (state, row, printed) => {
  const home = state.homeOf('/interface', row);
  const keep = ['.id', 'name', 'default-name', 'mac-address', 'disabled', 'comment', 'about'];
  for (const property of Object.keys(printed)) if (!keep.includes(property)) delete printed[property];
  const mtu = row.props['mtu'] ?? '1500';
  printed['type'] = INTERFACE_KINDS.get(home) ?? 'unknown';
  printed['mtu'] = mtu;
  printed['actual-mtu'] = mtu === 'auto' ? '1500' : mtu;
  printed['dynamic'] = String(row.dynamic);
  const { rxBytes, txBytes } = state.traffic.of(row.props['name'] ?? '');
  printed['rx-byte'] = String(rxBytes);
  printed['tx-byte'] = String(txBytes);
  printed['rx-packet'] = String(packetsIn(rxBytes));
  printed['tx-packet'] = String(packetsIn(txBytes));
  printed['link-downs'] = '0';
  presentInterface(state, row, printed);
};

const presentAddress: Presenter = (state, row, printed) => {
  const prefix = parsePrefix(row.props['address'] ?? '');
  const on = row.props['interface'] ?? '';
  const bridge = bridgeOfPort(state, on);
  if (prefix !== undefined) printed['network'] ??= numberToIp(networkOf(prefix));
  printed['actual-interface'] = bridge ?? on;
  printed['invalid'] = String(state.byName('/interface', on) === undefined);
};

const presentPool: Presenter = (state, row, printed) => {
  if (!atLeast(state.version, '7.18')) return;
  const total = poolSize(state, row.props['name'] ?? '');
  const used = state.table('/ip/pool/used').rows.filter((one) => one.props['pool'] === row.props['name']).length;
  printed['total'] = String(total);
  printed['used'] = String(used);
  printed['available'] = String(total - used);
};

const presentHotspot: Presenter = (state, row, printed) => {
  const profile = state.byName('/ip/hotspot/profile', row.props['profile'] ?? '');
  printed['HTTPS'] = String((profile?.props['login-by'] ?? '').split(',').includes('https'));
  printed['invalid'] = String(hotspotInvalid(state, row));
  printed['proxy-status'] = hotspotRuns(state, row) ? 'running' : 'stopped';
  if (!hotspotAllowed(state)) printed['about'] = 'inactivated, not allowed by device-mode';
};

const radiusOnly = (name: string): boolean => name.startsWith('radius-') || name === 'nas-port-type';

/** Properties that only mean something with certain login methods are not printed without them. */
const presentHotspotProfile: Presenter = (_state, _row, printed) => {
  const ways = (printed['login-by'] ?? '').split(',');
  for (const name of Object.keys(printed)) {
    const hidden =
      (radiusOnly(name) && printed['use-radius'] !== 'true') ||
      (name.startsWith('mac-auth-') && !ways.includes('mac')) ||
      (name.startsWith('trial-') && !ways.includes('trial')) ||
      (name === 'ssl-certificate' && !ways.includes('https')) ||
      (name === 'http-cookie-lifetime' && !ways.includes('cookie'));
    if (hidden) delete printed[name];
  }
};

const presentRule: Presenter = (_state, row, printed) => {
  printed['bytes'] = '0';
  printed['packets'] = '0';
  const dangling = Object.entries(row.props).some(([name, value]) => name.includes('interface') && /^!?\*/.test(value));
  printed['invalid'] = String(dangling);
};

const presentRoute: Presenter = (_state, row, printed) => {
  const active = enabled(row);
  if (active) printed['active'] = 'true';
  else printed['inactive'] = 'true';
  if (!row.dynamic) printed['static'] = 'true';
};

const presenters: Readonly<Record<string, Presenter>> = {
  '/interface': presentAnyInterface,
  '/interface/ethernet': presentInterface,
  '/interface/bridge': presentInterface,
  '/interface/vlan': presentInterface,
  '/interface/wireguard': presentInterface,
  '/interface/pppoe-client': presentInterface,
  '/interface/bridge/port': (state, row, printed) => {
    printed['inactive'] = String(
      !enabled(row) || state.byName('/interface/bridge', row.props['bridge'] ?? '') === undefined,
    );
  },
  '/ip/address': presentAddress,
  '/ip/pool': presentPool,
  '/ip/route': presentRoute,
  '/ip/hotspot': presentHotspot,
  '/ip/hotspot/profile': presentHotspotProfile,
  '/ip/dhcp-server': (state, row, printed) => {
    printed['invalid'] = String(dhcpInvalid(state, row));
  },
  '/ip/firewall/filter': presentRule,
  '/ip/firewall/nat': presentRule,
  '/ip/firewall/mangle': presentRule,
  '/interface/pppoe-server/server': (state, row, printed) => {
    printed['invalid'] = String(state.byName('/interface', row.props['interface'] ?? '') === undefined);
  },
  '/file': (_state, row, printed) => {
    const contents = row.props['contents'];
    if (contents !== undefined) printed['size'] = String(Buffer.byteLength(contents));
  },
};

/** A row as print shows it to a user who may see everything except write-only values. */
export function presentRow(state: RouterState, path: string, row: Row): Printed {
  const menu = state.schema.menu(path);
  const home = state.schema.menu(state.homeOf(path, row));
  const printed: Printed = { '.id': row.id };
  for (const [name, value] of Object.entries(row.props)) {
    if (home?.args[name]?.writeOnly !== true) printed[name] = value;
  }
  Object.assign(printed, row.live?.() ?? {});
  presenters[path]?.(state, row, printed);
  if (menu?.readOnly.includes('dynamic') === true) printed['dynamic'] = String(row.dynamic);
  if (menu?.readOnly.includes('invalid') === true) printed['invalid'] ??= 'false';
  return printed;
}

/** All rows of a list, or the one row of a settings menu. */
export function presentMenu(state: RouterState, path: string): Printed[] {
  const menu = state.schema.menu(path);
  if (menu?.kind === 'settings') return [{ ...state.settings(path) }];
  return state.rows(path).map((row) => presentRow(state, path, row));
}
