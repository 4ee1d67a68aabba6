import type { PlanConflict, ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { parseCidr, formatIpv4 } from '@turnpike/routeros/ipv4.js';
import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { addressesOf, rangesMeet } from './address-plan.js';
import { isOurName, isTag } from './ownership.js';
import { isAtLeast } from './ros-version.js';
import type { RouterFacts } from './router-facts.js';
import { isOn, isStatic, rowsOf } from './rows.js';
import type { RouterSnapshot } from './router-snapshot.js';

/** The oldest RouterOS whose menus take what we set. */
export const OLDEST_VERSION = '6.49';

export interface Preflight {
  readonly conflicts: readonly PlanConflict[];
  readonly warnings: readonly string[];
  /** Something only a person at the router can change; the run waits for it. */
  readonly waitingFor: { readonly message: string; readonly remedy: string } | undefined;
}

/** What can be told before anything is changed: what cannot work, and what would harm us or the owner of the router. */
export function preflight(services: readonly ServiceConfig[], facts: RouterFacts, snapshot: RouterSnapshot): Preflight {
  return {
    conflicts: [
      ...versionConflicts(facts),
      ...services.flatMap((service) =>
        service.interfaces.flatMap((name) => interfaceConflicts(service, name, services, facts, snapshot)),
      ),
      ...services.flatMap((service) => overlapConflicts(service, snapshot)),
    ],
    warnings: [...managementWarnings(facts), ...linkWarnings(services, facts), ...radiusWarnings(services, snapshot)],
    waitingFor: waitingFor(services, facts),
  };
}

function versionConflicts(facts: RouterFacts): PlanConflict[] {
  if (isAtLeast(facts.version, OLDEST_VERSION)) return [];
  return [
    {
      path: '/system/resource',
      key: 'version',
      message: `RouterOS ${facts.versionText} is older than ${OLDEST_VERSION}.`,
      remedy: `Upgrade the router to RouterOS ${OLDEST_VERSION} or newer, best to the current 7.x.`,
    },
  ];
}

/** Device-mode came with 7.17: home devices leave the factory with the hotspot forbidden. */
function waitingFor(services: readonly ServiceConfig[], facts: RouterFacts): Preflight['waitingFor'] {
  if (facts.hotspotAllowed || !services.some((service) => service.type === 'hotspot')) return undefined;
  return {
    message: "The router's device-mode forbids the hotspot; only somebody at the router can change that.",
    remedy:
      'Run /system/device-mode/update hotspot=yes on the router and, within five minutes, press its reset or mode button ' +
      'once or cut its power. The router restarts; the deployment then goes on by itself.',
  };
}

function interfaceConflicts(
  service: ServiceConfig,
  name: string,
  services: readonly ServiceConfig[],
  facts: RouterFacts,
  snapshot: RouterSnapshot,
): PlanConflict[] {
  const problem =
    existenceProblem(name, facts) ??
    managementProblem(name, facts) ??
    loopbackProblem(name, facts) ??
    (service.type === 'hotspot' ? portProblem(name, facts, snapshot) : serverProblem(name, services, snapshot));
  return problem === undefined ? [] : [{ path: '/interface', key: name, ...problem }];
}

type Problem = Pick<PlanConflict, 'message' | 'remedy'>;

function existenceProblem(name: string, facts: RouterFacts): Problem | undefined {
  if (facts.interfaces.has(name)) return undefined;
  const names = [...facts.interfaces.keys()].filter((other) => !other.startsWith('<') && !isOurName(other));
  return { message: `The router has no interface ${name}.`, remedy: `It has ${names.join(', ')}.` };
}

function managementProblem(name: string, facts: RouterFacts): Problem | undefined {
  if (!facts.management.has(name)) return undefined;
  return {
    message: `${name} carries our own connection to the router; a service on it could lock us out.`,
    remedy: 'Choose another interface, or reach the router another way, for example through a management tunnel.',
  };
}

function loopbackProblem(name: string, facts: RouterFacts): Problem | undefined {
  if (facts.interfaces.get(name)?.type !== 'loopback') return undefined;
  return {
    message: `${name} is the loopback: no customer is on it.`,
    remedy: 'Choose the interfaces the customers are on.',
  };
}

/** What keeps an interface from becoming a port of the hotspot's bridge; being a port of another one is looked at later. */
function portProblem(name: string, facts: RouterFacts, snapshot: RouterSnapshot): Problem | undefined {
  if (facts.interfaces.get(name)?.type === 'bridge') {
    return {
      message: `${name} is a bridge.`,
      remedy: 'Name the interfaces the customers are on instead; the hotspot makes its own bridge.',
    };
  }
  if (facts.uplinks.has(name)) {
    return { message: `${name} is a way to the Internet.`, remedy: 'Choose the interfaces the customers are on.' };
  }
  const address = rowsOf(snapshot, '/ip/address').find((row) => row['interface'] === name && !isOn(row, 'disabled'));
  if (address !== undefined) {
    return {
      message: `${name} has the address ${address['address'] ?? ''} of its own, which would stop working.`,
      remedy: 'Choose another interface, or remove that address first.',
    };
  }
  const isPort = rowsOf(snapshot, '/interface/bridge/port').some((row) => row['interface'] === name);
  if (facts.interfaces.get(name)?.slave === true && !isPort) {
    return { message: `${name} is part of another interface.`, remedy: 'Name the interface that it is part of.' };
  }
  return undefined;
}

/** A server on a port of a bridge never hears anybody: its bridge has to be named. */
function serverProblem(
  name: string,
  services: readonly ServiceConfig[],
  snapshot: RouterSnapshot,
): Problem | undefined {
  if (services.some((other) => other.type === 'hotspot' && other.interfaces.includes(name))) return undefined;
  const port = rowsOf(snapshot, '/interface/bridge/port').find(
    (row) => row['interface'] === name && !isOn(row, 'disabled'),
  );
  if (port === undefined || isOurName(port['bridge'])) return undefined;
  return {
    message: `${name} is a port of bridge ${port['bridge'] ?? ''}, so a PPPoE server on it would never be reached.`,
    remedy: `Name ${port['bridge'] ?? 'the bridge'} instead, or take ${name} out of it.`,
  };
}

function overlapConflicts(service: ServiceConfig, snapshot: RouterSnapshot): PlanConflict[] {
  const plan = addressesOf(service);
  if (plan === undefined) return [];
  const used = [
    ...rowsOf(snapshot, '/ip/address').map((row) => ({ row, path: '/ip/address', text: row['address'] })),
    ...rowsOf(snapshot, '/ip/route')
      .filter((row) => row['dst-address'] !== '0.0.0.0/0')
      .map((row) => ({ row, path: '/ip/route', text: row['dst-address'] })),
  ];
  return used.flatMap(({ row, path, text }) => {
    const cidr = parseCidr(text ?? '');
    if (cidr === undefined || isHarmless(row)) return [];
    if (!rangesMeet(plan, { first: cidr.network, last: cidr.broadcast })) return [];
    const where = row['interface'] ?? row['gateway'] ?? '';
    return [
      {
        path,
        key: text ?? '',
        message: `${formatIpv4(plan.first)}-${formatIpv4(plan.last)} of the ${service.type} service overlaps with ${text ?? ''} (${where}).`,
        remedy: 'Choose another network for the service.',
      },
    ];
  });
}

/** Our own objects, what is switched off, and the addresses that PPP makes for each session (`<pppoe-jane>`). */
function isHarmless(row: RosRow): boolean {
  return (
    isOn(row, 'disabled') ||
    isTag(row['comment']) ||
    isOurName(row['interface']) ||
    (row['interface']?.startsWith('<') ?? false) ||
    (row['gateway']?.startsWith('<') ?? false)
  );
}

function managementWarnings(facts: RouterFacts): string[] {
  if (facts.management.size > 0) return [];
  return [
    'The router does not show through which interface it reaches us: make sure that no service is put on that one.',
  ];
}

function linkWarnings(services: readonly ServiceConfig[], facts: RouterFacts): string[] {
  return [...new Set(services.flatMap((service) => service.interfaces))].flatMap((name) => {
    const fact = facts.interfaces.get(name);
    if (fact === undefined) return [];
    if (fact.disabled) return [`${name} is disabled; customers behind it will not be reached until it is enabled.`];
    return fact.running ? [] : [`${name} has no link at the moment.`];
  });
}

/** RouterOS asks RADIUS servers in their order; whoever is first for a service decides. */
function radiusWarnings(services: readonly ServiceConfig[], snapshot: RouterSnapshot): string[] {
  const words = services.map((service) => (service.type === 'hotspot' ? 'hotspot' : 'ppp'));
  return rowsOf(snapshot, '/radius')
    .filter((row) => isStatic(row) && !isOn(row, 'disabled') && !isTag(row['comment']))
    .filter((row) =>
      (row['service'] ?? '')
        .split(',')
        .some((word) => (word === 'hotspot' || word === 'ppp' ? words.includes(word) : false)),
    )
    .map(
      (row) =>
        `The router also asks the RADIUS server ${row['address'] ?? ''} for ${row['service'] ?? ''}, before ours; ` +
        'remove that row on the router unless it is meant to be so.',
    );
}
