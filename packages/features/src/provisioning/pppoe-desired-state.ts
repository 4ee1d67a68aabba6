import { pppoeAddresses, type AddressPlan } from './address-plan.js';
import { named, tagged, type DesiredObject } from './desired-object.js';
import type { ClientSide } from './firewall-rules.js';
import { nameOf, tagOf } from './ownership.js';
import type { SluggedHotspot, SluggedPppoe } from './service-slugs.js';

/** A pool, a profile and one server for each interface. */
export function pppoeObjects(pppoe: SluggedPppoe, hotspots: readonly SluggedHotspot[]): DesiredObject[] {
  const addresses = pppoeAddresses(pppoe.service);
  if (addresses === undefined) return [];
  const name = nameOf(pppoe.slug);
  return [
    named('/interface/list', name, { comment: tagOf(pppoe.slug, 'list') }),
    named('/ip/pool', name, { ranges: addresses.ranges, comment: tagOf(pppoe.slug, 'pool') }),
    profileObject(pppoe, addresses),
    ...serverInterfaces(pppoe, hotspots).map((on) => serverObject(pppoe, on)),
  ];
}

export function pppoeClients({ slug, service }: SluggedPppoe): ClientSide[] {
  const addresses = pppoeAddresses(service);
  if (addresses === undefined) return [];
  const from = { 'in-interface-list': nameOf(slug) };
  return [{ slug, from, addresses: addresses.clients, udpPorts: '53', tcpPorts: '53' }];
}

/** An interface that a hotspot takes as a port is served through the hotspot's bridge: a port has no servers of its own. */
function serverInterfaces({ service }: SluggedPppoe, hotspots: readonly SluggedHotspot[]): string[] {
  const on = service.interfaces.map((name) => {
    const hotspot = hotspots.find((one) => one.service.interfaces.includes(name));
    return hotspot === undefined ? name : nameOf(hotspot.slug);
  });
  return [...new Set(on)];
}

function profileObject({ slug }: SluggedPppoe, addresses: AddressPlan): DesiredObject {
  const name = nameOf(slug);
  return named('/ppp/profile', name, {
    'local-address': addresses.gateway,
    'remote-address': name,
    'dns-server': addresses.gateway,
    'interface-list': name,
    'change-tcp-mss': 'yes',
    'use-compression': 'no',
    'use-encryption': 'no',
    'use-upnp': 'no',
    comment: tagOf(slug, 'profile'),
  });
}

function serverObject({ slug, service }: SluggedPppoe, on: string): DesiredObject {
  return tagged('/interface/pppoe-server/server', tagOf(slug, 'server', on), {
    'service-name': service.serviceName,
    interface: on,
    'default-profile': nameOf(slug),
    authentication: 'chap,mschap2',
    'one-session-per-host': 'yes',
    // An Ethernet frame less PPPoE and PPP (RFC 2516) is 1492; 1480 leaves room for what access networks add.
    'max-mtu': '1480',
    'max-mru': '1480',
    'keepalive-timeout': '10',
    disabled: 'no',
  });
}
