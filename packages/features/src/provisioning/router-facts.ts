import type { RosRow } from '@turnpike/routeros/ros-session.js';
import type { DesiredStateFacts } from './desired-state.js';
import { managementInterfaces } from './management-path.js';
import { isTag } from './ownership.js';
import { parseRosVersion } from './ros-version.js';
import { isOn, rowsOf } from './rows.js';
import type { RouterSnapshot } from './router-snapshot.js';

export interface InterfaceFact {
  readonly name: string;
  readonly type: string;
  readonly running: boolean;
  readonly disabled: boolean;
  /** Part of something else, such as a bridge or a bond. */
  readonly slave: boolean;
}

export interface RouterFacts extends DesiredStateFacts {
  /** As printed, `7.22 (stable)`. */
  readonly versionText: string;
  readonly interfaces: ReadonlyMap<string, InterfaceFact>;
  /** Interfaces our own session depends on. */
  readonly management: ReadonlySet<string>;
  /** Interfaces that get their address from a DHCP server: ways to the Internet. */
  readonly uplinks: ReadonlySet<string>;
  /** False when the device-mode forbids the hotspot (RouterOS 7.17 and later on home devices). */
  readonly hotspotAllowed: boolean;
}

/** undefined when the router does not tell its version: then nothing can be planned. */
export function factsOf(snapshot: RouterSnapshot): RouterFacts | undefined {
  const versionText = rowsOf(snapshot, '/system/resource')[0]?.['version'] ?? '';
  const version = parseRosVersion(versionText);
  if (version === undefined) return undefined;
  return {
    version,
    versionText,
    interfaces: new Map(rowsOf(snapshot, '/interface').flatMap(interfaceFact)),
    management: managementInterfaces(snapshot),
    uplinks: uplinks(snapshot),
    hotspotAllowed: hotspotAllowed(snapshot),
    hasFlash: rowsOf(snapshot, '/file').some((row) => row['name'] === 'flash'),
    resolverWasOpen: resolverWasOpen(snapshot),
    ownAddresses: rowsOf(snapshot, '/ip/address')
      .map((row) => row['address']?.split('/')[0])
      .filter((address) => address !== undefined),
  };
}

function interfaceFact(row: RosRow): [string, InterfaceFact][] {
  const name = row['name'];
  if (name === undefined) return [];
  const fact: InterfaceFact = {
    name,
    type: row['type'] ?? '',
    running: isOn(row, 'running'),
    disabled: isOn(row, 'disabled'),
    slave: isOn(row, 'slave'),
  };
  return [[name, fact]];
}

function uplinks(snapshot: RouterSnapshot): ReadonlySet<string> {
  const dhcp = rowsOf(snapshot, '/ip/dhcp-client').filter((row) => !isOn(row, 'disabled'));
  const pppoe = rowsOf(snapshot, '/interface/pppoe-client');
  return new Set([...dhcp, ...pppoe].map((row) => row['interface']).filter((name) => name !== undefined));
}

function hotspotAllowed(snapshot: RouterSnapshot): boolean {
  const flag = rowsOf(snapshot, '/system/device-mode')[0]?.['hotspot'];
  return flag !== 'no' && flag !== 'false';
}

/** Once our guard rules are there, it is because of us that the resolver is open. */
function resolverWasOpen(snapshot: RouterSnapshot): boolean {
  const [dns] = rowsOf(snapshot, '/ip/dns');
  const guarded = rowsOf(snapshot, '/ip/firewall/filter').some(
    (row) => isTag(row['comment']) && row['comment']?.startsWith('tp:core:dns-') === true,
  );
  return dns !== undefined && isOn(dns, 'allow-remote-requests') && !guarded;
}
