import { runningHotspots } from './hotspot-state.js';
import { networkOf, numberToIp, parsePrefix } from './ipv4-text.js';
import type { RouterState, StateChange } from './router-state.js';

type WantedRows = ReadonlyMap<string, Readonly<Record<string, string>>>;

const rule = (chain: string, action: string, more: Record<string, string> = {}): Record<string, string> => ({
  chain,
  action,
  log: 'false',
  'log-prefix': '',
  disabled: 'false',
  ...more,
});
const jump = (chain: string, target: string, more: Record<string, string> = {}): Record<string, string> =>
  rule(chain, 'jump', { 'jump-target': target, ...more });
const redirect = (chain: string, port: string, more: Record<string, string>): Record<string, string> =>
  rule(chain, 'redirect', { 'to-ports': port, ...more });
const tcp = (port: string): Record<string, string> => ({ protocol: 'tcp', 'dst-port': port });

/** What a running hotspot puts into NAT: 64872 DNS, 64873 and 64875 the servlet, 64874 the walled-garden proxy. */
const HOTSPOT_NAT: readonly Record<string, string>[] = [
  jump('dstnat', 'hotspot', { hotspot: 'from-client' }),
  jump('hotspot', 'pre-hotspot'),
  redirect('hotspot', '64872', { protocol: 'udp', 'dst-port': '53' }),
  redirect('hotspot', '64872', tcp('53')),
  redirect('hotspot', '64873', { ...tcp('80'), hotspot: 'local-dst' }),
  redirect('hotspot', '64875', { ...tcp('443'), hotspot: 'local-dst' }),
  jump('hotspot', 'hs-unauth', { protocol: 'tcp', hotspot: '!auth' }),
  jump('hotspot', 'hs-auth', { protocol: 'tcp', hotspot: 'auth' }),
  redirect('hs-unauth', '64874', tcp('80')),
  redirect('hs-unauth', '64874', tcp('3128')),
  redirect('hs-unauth', '64874', tcp('8080')),
  redirect('hs-unauth', '64875', tcp('443')),
  jump('hs-unauth', 'hs-smtp', tcp('25')),
  redirect('hs-auth', '64874', { protocol: 'tcp', hotspot: 'http' }),
  jump('hs-auth', 'hs-smtp', tcp('25')),
];

const HOTSPOT_FILTER: readonly Record<string, string>[] = [
  jump('forward', 'hs-unauth', { hotspot: 'from-client,!auth' }),
  jump('forward', 'hs-unauth-to', { hotspot: 'to-client,!auth' }),
  jump('input', 'hs-input', { hotspot: 'from-client' }),
  jump('hs-input', 'pre-hs-input'),
  rule('hs-input', 'accept', { protocol: 'udp', 'dst-port': '64872' }),
  rule('hs-input', 'accept', tcp('64872-64875')),
  jump('hs-input', 'hs-unauth', { hotspot: '!auth' }),
  rule('hs-unauth', 'reject', { protocol: 'tcp', 'reject-with': 'tcp-reset' }),
  rule('hs-unauth', 'reject', { 'reject-with': 'icmp-net-prohibited' }),
  rule('hs-unauth-to', 'reject', { 'reject-with': 'icmp-host-prohibited' }),
];

function numbered(rows: readonly Record<string, string>[]): WantedRows {
  return new Map(rows.map((row, index) => [String(index), row]));
}

/** Makes the dynamic rows of one owner what they should be; rows that stay keep their ids. */
function keepInStep(state: RouterState, path: string, owner: string, wanted: WantedRows): void {
  const table = state.table(path);
  const ownerOf = (key: string): string => `${owner}:${key}`;
  const keys = new Set([...wanted.keys()].map(ownerOf));
  const gone = table.removeWhere((row) => row.owner?.startsWith(`${owner}:`) === true && !keys.has(row.owner));
  for (const row of gone) state.changed({ path, verb: 'remove', row });
  const present = new Set(table.rows.map((row) => row.owner));
  const firstStatic = table.rows.find((row) => !row.dynamic)?.id;
  for (const [key, props] of wanted) {
    if (present.has(ownerOf(key))) continue;
    const row = table.insert({ ...props }, { dynamic: true, owner: ownerOf(key), before: firstStatic });
    state.changed({ path, verb: 'add', row });
  }
}

function hotspotRows(state: RouterState): void {
  const running = runningHotspots(state);
  const some = running.length > 0;
  keepInStep(state, '/ip/firewall/nat', 'hotspot', numbered(some ? HOTSPOT_NAT : []));
  keepInStep(state, '/ip/firewall/filter', 'hotspot', numbered(some ? HOTSPOT_FILTER : []));
  const names = new Map<string, Record<string, string>>();
  for (const hotspot of running) {
    const profile = state.byName('/ip/hotspot/profile', hotspot.props['profile'] ?? '');
    const name = profile?.props['dns-name'] ?? '';
    const address = profile?.props['hotspot-address'] ?? '';
    if (name !== '') names.set(`${name}=${address}`, { name, address, ttl: '5m', disabled: 'false' });
  }
  keepInStep(state, '/ip/dns/static', 'hotspot', names);
}

function connectedRoutes(state: RouterState): void {
  const wanted = new Map<string, Record<string, string>>();
  for (const row of state.table('/ip/address').rows) {
    const prefix = parsePrefix(row.props['address'] ?? '');
    if (prefix === undefined || row.props['disabled'] === 'true') continue;
    const gateway = row.props['interface'] ?? '';
    const network = `${numberToIp(networkOf(prefix))}/${prefix.bits}`;
    wanted.set(`${network}%${gateway}`, {
      'dst-address': network,
      gateway,
      distance: '0',
      scope: '10',
      connect: 'true',
      'local-address': `${numberToIp(prefix.address)}%${gateway}`,
      disabled: 'false',
    });
  }
  keepInStep(state, '/ip/route', 'connected', wanted);
}

const HOTSPOT_DEPENDS_ON = ['/ip/hotspot', '/interface', '/ip/hotspot/profile', '/system/device-mode'];

function touchesHotspot(change: StateChange): boolean {
  return change.path.startsWith('/interface') || HOTSPOT_DEPENDS_ON.includes(change.path);
}

/** Keeps the rows that the router makes by itself in step with the configuration. */
export function watchDynamicRows(state: RouterState): void {
  connectedRoutes(state);
  state.onChange((change) => {
    if (touchesHotspot(change)) hotspotRows(state);
    if (change.path === '/ip/address') connectedRoutes(state);
  });
}
