import type { ServiceConfig } from '@turnpike/contracts/provisioning.js';
import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { isOurName, isTag } from './ownership.js';
import { isOn, isStatic, rowsOf } from './rows.js';
import type { RouterSnapshot } from './router-snapshot.js';

/** One thing that is configured as wished and still does not work. */
export interface Fault {
  readonly path: string;
  readonly key: string;
  /** The router's own words, where it has any. */
  readonly routerMessage: string | null;
  readonly message: string;
}

const LIVE_MENUS = [
  '/ip/hotspot',
  '/ip/dhcp-server',
  '/ip/address',
  '/interface/pppoe-server/server',
  '/ip/firewall/nat',
  '/ip/firewall/filter',
];

/** What the router says about our objects once they are all there. It may take it a moment to bring them up. */
export function faultsOf(services: readonly ServiceConfig[], snapshot: RouterSnapshot): Fault[] {
  const rows = LIVE_MENUS.flatMap((path) => rowsOf(snapshot, path).map((row) => ({ path, row })));
  const ours = rows.filter(({ row }) => isStatic(row) && (isTag(row['comment']) || isOurName(row['name'])));
  return [...ours.flatMap(({ path, row }) => rowFaults(path, row)), ...hotspotFaults(services, snapshot)];
}

function rowFaults(path: string, row: RosRow): Fault[] {
  const about = row['about'] ?? '';
  const complains = isOn(row, 'invalid') || (path === '/ip/hotspot' && about !== '');
  if (!complains) return [];
  const key = row['name'] ?? row['comment'] ?? '';
  return [
    {
      path,
      key,
      routerMessage: about === '' ? null : about,
      message: `The router says that ${path} ${key} is ${isOn(row, 'invalid') ? 'invalid' : 'not active'}.`,
    },
  ];
}

/** A working hotspot makes NAT rows of its own, through which it catches web requests. */
function hotspotFaults(services: readonly ServiceConfig[], snapshot: RouterSnapshot): Fault[] {
  if (!services.some((service) => service.type === 'hotspot')) return [];
  const caught = rowsOf(snapshot, '/ip/firewall/nat').some(
    (row) => isOn(row, 'dynamic') && (row['jump-target'] === 'hotspot' || row['chain'] === 'hotspot'),
  );
  if (caught) return [];
  return [
    {
      path: '/ip/hotspot',
      key: '',
      routerMessage: null,
      message: 'The hotspot is configured, but the router has not put its redirect rules in place.',
    },
  ];
}
