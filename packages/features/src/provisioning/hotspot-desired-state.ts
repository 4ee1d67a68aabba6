import { formatDuration } from '@turnpike/routeros/values.js';
import { hotspotAddresses, type AddressPlan } from './address-plan.js';
import { named, tagged, type DesiredObject, type RadiusSettings } from './desired-object.js';
import type { ClientSide } from './firewall-rules.js';
import { nameOf, tagOf } from './ownership.js';
import { pageObjects, pagesFolder, portalGarden, takesPages, type PortalTarget } from './portal-files.js';
import type { RosVersion } from './ros-version.js';
import type { SluggedHotspot } from './service-slugs.js';

/** 64872 to 64875 are the hotspot's own listeners, to which the router redirects DNS and web requests. */
const UDP_PORTS = '53,67,64872';
const TCP_PORTS = '53,80,443,64872-64875';

/** What a hotspot depends on besides its own settings. */
interface HotspotNeeds {
  readonly radius: RadiusSettings;
  readonly portal: PortalTarget | undefined;
  readonly facts: { readonly version: RosVersion; readonly hasFlash: boolean };
}

/** A bridge with addresses, DHCP and a hotspot on it; its ports are the interfaces. */
export function hotspotObjects(hotspot: SluggedHotspot, { radius, portal, facts }: HotspotNeeds): DesiredObject[] {
  const addresses = hotspotAddresses(hotspot.service);
  if (addresses === undefined) return [];
  const own = pagesFolder(hotspot.slug, facts.hasFlash);
  const pages = portal !== undefined && takesPages(facts.version) ? pageObjects(own, portal) : [];
  const folder = pages.length > 0 ? own : facts.hasFlash ? 'flash/hotspot' : 'hotspot';
  return [
    ...networkObjects(hotspot, addresses),
    ...pages,
    profileObject(hotspot, addresses, radius, folder),
    serverObject(hotspot),
    ...(portal === undefined ? [] : [portalGarden(hotspot.slug, portal)]),
    ...walledGarden(hotspot),
    ...ports(hotspot),
  ];
}

export function hotspotClients({ slug, service }: SluggedHotspot): ClientSide[] {
  const addresses = hotspotAddresses(service);
  if (addresses === undefined) return [];
  const from = { 'in-interface': nameOf(slug) };
  return [{ slug, from, addresses: addresses.clients, udpPorts: UDP_PORTS, tcpPorts: TCP_PORTS }];
}

function networkObjects({ slug, service }: SluggedHotspot, addresses: AddressPlan): DesiredObject[] {
  const name = nameOf(slug);
  return [
    named('/interface/bridge', name, { 'protocol-mode': 'rstp', disabled: 'no', comment: tagOf(slug, 'bridge') }),
    tagged('/ip/address', tagOf(slug, 'address'), { address: service.gateway, interface: name, disabled: 'no' }),
    named('/ip/pool', name, { ranges: addresses.ranges, comment: tagOf(slug, 'pool') }),
    tagged('/ip/dhcp-server/network', tagOf(slug, 'network'), {
      address: addresses.clients,
      gateway: addresses.gateway,
      'dns-server': addresses.gateway,
    }),
    named('/ip/dhcp-server', name, {
      interface: name,
      'address-pool': name,
      'lease-time': '1h',
      authoritative: 'yes',
      disabled: 'no',
      comment: tagOf(slug, 'dhcp'),
    }),
  ];
}

function profileObject(
  { slug, service }: SluggedHotspot,
  addresses: AddressPlan,
  radius: RadiusSettings,
  folder: string,
): DesiredObject {
  return named('/ip/hotspot/profile', nameOf(slug), {
    'hotspot-address': addresses.gateway,
    'dns-name': service.dnsName ?? '',
    'html-directory': folder,
    'login-by': 'http-chap,http-pap,mac-cookie',
    'use-radius': 'yes',
    'radius-accounting': 'yes',
    'radius-interim-update': formatDuration(radius.interimSeconds * 1_000),
    'nas-port-type': 'wireless-802.11',
  });
}

function serverObject({ slug }: SluggedHotspot): DesiredObject {
  const name = nameOf(slug);
  return named('/ip/hotspot', name, {
    interface: name,
    profile: name,
    'address-pool': 'none',
    'addresses-per-mac': '2',
    'idle-timeout': '5m',
    disabled: 'no',
  });
}

function walledGarden({ slug, service }: SluggedHotspot): DesiredObject[] {
  return [...new Set(service.walledGarden)].map((host) =>
    tagged('/ip/hotspot/walled-garden/ip', tagOf(slug, 'garden', shortened(host)), {
      action: 'accept',
      server: nameOf(slug),
      'dst-host': host,
      protocol: 'tcp',
      'dst-port': '80,443',
      disabled: 'no',
    }),
  );
}

function ports({ slug, service }: SluggedHotspot): DesiredObject[] {
  return service.interfaces.map((name) => ({
    ...tagged('/interface/bridge/port', tagOf(slug, 'port', name), {
      bridge: nameOf(slug),
      interface: name,
      // Ports of one horizon do not talk to each other.
      horizon: service.clientIsolation ? '1' : 'none',
      disabled: 'no',
    }),
    mayTake: service.takeInterfaces,
  }));
}

/** Tags hold 64 characters of it; the end of a host name tells more than its beginning. */
function shortened(host: string): string {
  return host.length <= 64 ? host : host.slice(-64);
}
