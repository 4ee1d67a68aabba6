import type { ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { settings, type DesiredObject, type NasIdentity, type RadiusSettings } from './desired-object.js';
import { coaRule, forwardRules, inputRules, jumps, masquerade, resolverGuard } from './firewall-rules.js';
import { hotspotClients, hotspotObjects } from './hotspot-desired-state.js';
import { managedMenu, managedMenus } from './managed-menus.js';
import type { PortalTarget } from './portal-files.js';
import { pppoeClients, pppoeObjects } from './pppoe-desired-state.js';
import { pppAaa, radiusObjects, type RadiusFacts } from './radius-desired-state.js';
import { isAtLeast, type RosVersion } from './ros-version.js';
import { sluggedServices } from './service-slugs.js';

/** What the wished objects depend on, as found on the router. */
export interface DesiredStateFacts extends RadiusFacts {
  readonly version: RosVersion;
  /** The board keeps files only below `flash/`. */
  readonly hasFlash: boolean;
  /** The router answers names for others, and not because of us. */
  readonly resolverWasOpen: boolean;
}

export interface DesiredStateInput {
  readonly services: readonly ServiceConfig[];
  readonly radius: RadiusSettings;
  readonly nas: NasIdentity;
  /** undefined: there is no portal, and routers show their own pages. */
  readonly portal?: PortalTarget | undefined;
  readonly facts: DesiredStateFacts;
}

const rank = new Map(managedMenus.map((menu, position) => [menu.path, position]));

/** Everything that makes the services work, in the order in which it has to be made. */
export function desiredState({ services, radius, nas, portal, facts }: DesiredStateInput): DesiredObject[] {
  const { hotspots, pppoes } = sluggedServices(services);
  const clients = [...hotspots.flatMap(hotspotClients), ...pppoes.flatMap(pppoeClients)];
  const users = [...(hotspots.length > 0 ? ['hotspot'] : []), ...(pppoes.length > 0 ? ['ppp'] : [])];
  const objects = [
    ...hotspots.flatMap((hotspot) => hotspotObjects(hotspot, { radius, portal, facts })),
    ...pppoes.flatMap((pppoe) => pppoeObjects(pppoe, hotspots)),
    ...(pppoes.length > 0 ? [pppAaa(radius)] : []),
    coaRule(radius.address, radius.coaPort),
    ...clients.flatMap(inputRules),
    ...(facts.resolverWasOpen ? [] : resolverGuard()),
    ...clients.flatMap(forwardRules),
    ...jumps(),
    ...clients.map(masquerade),
    settings('/ip/dns', { 'allow-remote-requests': 'yes' }),
    ...radiusObjects(users, radius, nas, facts),
  ];
  return objects
    .map((object) => knownTo(facts.version, object))
    .sort((a, b) => (rank.get(a.path) ?? 0) - (rank.get(b.path) ?? 0));
}

/** Leaves out the properties that came only after this version. */
function knownTo(version: RosVersion, object: DesiredObject): DesiredObject {
  const { since } = managedMenu(object.path);
  const known = Object.entries(object.properties).filter(([name]) => isAtLeast(version, since[name] ?? '0.0'));
  return { ...object, properties: Object.fromEntries(known) };
}
