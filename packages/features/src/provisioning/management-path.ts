import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { cidrContains, parseCidr, parseIpv4 } from '@turnpike/routeros/ipv4.js';
import { isOn, rowsOf } from './rows.js';
import type { RouterSnapshot } from './router-snapshot.js';

/** Gateways may be reached through further routes; a loop of them must end. */
const MAX_HOPS = 4;

/**
 * Names of all interfaces that carry our own API session, from the one that has the address down to the port: whatever
 * is changed on them may lock us out. Empty when the router does not show a way to us.
 */
export function managementInterfaces(snapshot: RouterSnapshot): ReadonlySet<string> {
  const ours = parseIpv4(snapshot.localAddress.replace(/^::ffff:/i, ''));
  const entry = ours === undefined ? undefined : interfaceTowards(snapshot, ours, 0);
  const found = new Set<string>();
  if (entry !== undefined) addBelow(snapshot, entry, found);
  return found;
}

function interfaceTowards(snapshot: RouterSnapshot, address: number, hops: number): string | undefined {
  if (hops > MAX_HOPS) return undefined;
  const connected = longestMatch(rowsOf(snapshot, '/ip/address'), 'address', address);
  if (connected !== undefined) return connected['actual-interface'] ?? connected['interface'];
  const route = longestMatch(rowsOf(snapshot, '/ip/route'), 'dst-address', address);
  return route === undefined ? undefined : interfaceOfRoute(snapshot, route, hops);
}

function longestMatch(rows: readonly RosRow[], property: string, address: number): RosRow | undefined {
  let best: { row: RosRow; prefix: number } | undefined;
  for (const row of rows) {
    const cidr = parseCidr(row[property] ?? '');
    if (cidr === undefined || isOn(row, 'disabled') || !cidrContains(cidr, address)) continue;
    if (best === undefined || cidr.prefix > best.prefix) best = { row, prefix: cidr.prefix };
  }
  return best?.row;
}

/** The gateway is an address, an interface, or `address%interface`; v6 tells `10.0.0.1 reachable via  ether1` besides. */
function interfaceOfRoute(snapshot: RouterSnapshot, route: RosRow, hops: number): string | undefined {
  const immediate = /%(.+)$/.exec(route['immediate-gw'] ?? '') ?? / via +(\S.*)$/.exec(route['gateway-status'] ?? '');
  if (immediate?.[1] !== undefined) return immediate[1];
  const gateway = route['gateway']?.split(',')[0];
  if (gateway === undefined) return undefined;
  const [address = gateway, name] = gateway.split('%');
  if (name !== undefined) return name;
  const parsed = parseIpv4(address);
  return parsed === undefined ? gateway : interfaceTowards(snapshot, parsed, hops + 1);
}

/** A bridge stands on its ports, or on the one port behind which we are known to be; a VLAN and a PPPoE client on their interface. */
function addBelow(snapshot: RouterSnapshot, name: string, found: Set<string>): void {
  if (found.has(name)) return;
  found.add(name);
  const carriers = [...rowsOf(snapshot, '/interface/vlan'), ...rowsOf(snapshot, '/interface/pppoe-client')];
  for (const row of carriers) {
    if (row['name'] === name && row['interface'] !== undefined) addBelow(snapshot, row['interface'], found);
  }
  for (const port of portsTowardsUs(snapshot, name)) addBelow(snapshot, port, found);
}

function portsTowardsUs(snapshot: RouterSnapshot, bridge: string): string[] {
  const learned = rowsOf(snapshot, '/interface/bridge/host').find((row) => row['bridge'] === bridge)?.['on-interface'];
  const ports = rowsOf(snapshot, '/interface/bridge/port')
    .filter((row) => row['bridge'] === bridge)
    .map((row) => row['interface'])
    .filter((port) => port !== undefined);
  return learned !== undefined && ports.includes(learned) ? [learned] : ports;
}
